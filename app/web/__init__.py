"""The frame of every page: request, rights, CSRF, headers, errors, language, menu, sign-in."""
