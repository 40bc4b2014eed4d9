"""Question bank, exams, attempts."""
