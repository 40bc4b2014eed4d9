"""The pages of a record view, one module each."""
