"""It requires a plugin that does not exist."""
