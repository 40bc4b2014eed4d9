"""Its prefix is another one's."""
