"""Who may do what: roles, row scope, sign-in, sessions, audit trail."""
