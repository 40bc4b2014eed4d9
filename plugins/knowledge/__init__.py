"""Knowledge (知识库): what the house knows, approved, found while typing, and measured in use."""
