"""What the law asks for the data of customers: erasure, retention, and holds against both."""
