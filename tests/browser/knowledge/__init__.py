"""The knowledge base in a browser."""
