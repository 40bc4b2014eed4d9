"""Weekly work reports (周报): a week, its figures, what was done, what comes next."""
