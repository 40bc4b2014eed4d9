"""The REST API of records: reading and writing."""
