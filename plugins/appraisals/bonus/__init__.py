"""The table by which a cycle's bonuses are shared out, reviewed and approved."""
