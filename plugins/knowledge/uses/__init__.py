"""What people did with articles: opened, inserted, answered."""
