"""It was written for the contract before this one."""
