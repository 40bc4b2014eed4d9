"""Working calendars, deadline policies and the clocks that run by them."""
