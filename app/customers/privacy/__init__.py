"""What the law asks for the data of customers: a copy, erasure, retention, and holds against them."""
