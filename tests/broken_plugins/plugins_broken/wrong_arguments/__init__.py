"""Its hook asks for an argument that there is not."""
