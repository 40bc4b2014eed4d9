"""Applications for a loan, from intake to the result that is told."""
