"""Two customers that are one: found, compared, merged, and parted again."""
