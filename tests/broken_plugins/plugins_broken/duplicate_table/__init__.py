"""Its table is another one's."""
