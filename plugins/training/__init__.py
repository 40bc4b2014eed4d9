"""Training (培训): from the plan to the certificate."""
