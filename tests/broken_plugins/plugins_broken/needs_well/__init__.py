"""Well, and requires one that is well."""
