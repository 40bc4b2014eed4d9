"""What a column is, and how its values are shown."""
