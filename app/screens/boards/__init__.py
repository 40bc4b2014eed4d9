"""Records as a board or a calendar."""
