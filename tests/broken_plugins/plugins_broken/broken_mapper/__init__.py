"""Its mapper cannot be configured."""
