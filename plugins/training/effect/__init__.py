"""Whether training helped: people before and after it, against comparable people without it."""
