"""Staff proposals (合理化建议): from the idea to its effect."""
