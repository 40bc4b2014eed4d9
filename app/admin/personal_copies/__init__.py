"""The copy of all that is held of a customer, as a file that is given to the person."""
