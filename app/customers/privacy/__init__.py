"""What the law asks for customers' data: a copy, erasure, retention, and holds against them."""
