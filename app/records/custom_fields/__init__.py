"""Custom fields: definitions, storage, transfer between installations."""
