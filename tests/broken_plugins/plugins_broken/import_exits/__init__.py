"""Its import ends the process."""
