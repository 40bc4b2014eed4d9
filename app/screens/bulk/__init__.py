"""Acts on several records at once."""
