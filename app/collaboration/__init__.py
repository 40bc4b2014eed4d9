"""What lets plugins work together without importing each other."""
