"""Its hook lacks the mark."""
