"""Private PostgreSQL and Redis servers, databases from a template, and the test report."""
