"""Weekly reports, staff proposals and the log of group care."""
