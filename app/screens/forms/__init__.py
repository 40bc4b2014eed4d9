"""Forms of records: fields, options, drafts, conflicts, saving."""
