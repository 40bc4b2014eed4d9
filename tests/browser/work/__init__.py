"""Weekly reports and staff proposals in a real browser."""
