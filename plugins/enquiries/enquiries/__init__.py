"""Enquiries: what comes in, how it is answered, and what it becomes."""
