"""States and transitions of a record: definition, engine, drawing, store."""
