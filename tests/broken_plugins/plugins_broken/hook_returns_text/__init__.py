"""Its hook returns no list."""
