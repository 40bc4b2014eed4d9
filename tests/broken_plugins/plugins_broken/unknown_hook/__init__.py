"""It misspells a hook."""
