"""It requires one that fails."""
