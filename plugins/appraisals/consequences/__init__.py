"""What follows from grades in a row, and from serious incidents, until it is done."""
