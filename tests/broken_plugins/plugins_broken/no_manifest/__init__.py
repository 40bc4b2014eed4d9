"""It has no manifest."""
