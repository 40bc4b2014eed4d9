"""The list of records: filters, columns, inline edit, export, side panel."""
