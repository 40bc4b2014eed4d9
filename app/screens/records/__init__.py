"""The page of a record: timeline, comments, files, recycle bin."""
