"""What every record has: number, owner, history, comments, files, custom fields, search."""
