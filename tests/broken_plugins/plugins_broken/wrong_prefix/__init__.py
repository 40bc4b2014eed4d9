"""Its table lacks the prefix."""
