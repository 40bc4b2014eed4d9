"""Monthly lists of the telephone desk."""
