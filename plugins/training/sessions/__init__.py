"""Sessions of courses, enrolment and attendance."""
