"""Its import fails."""
