"""Its hook wraps those of others."""
