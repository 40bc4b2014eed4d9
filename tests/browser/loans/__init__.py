"""Loan applications in a real browser."""
