"""Loan products and the documents that each asks for."""
