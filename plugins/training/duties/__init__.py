"""Who must learn what, and who has."""
