"""Reading files of records: CSV and XLSX in, checked rows out, every bad one with its reason."""
