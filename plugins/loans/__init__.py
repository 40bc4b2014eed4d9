"""Loan applications (车贷申请): from intake to the result that is told."""
