"""The whole product in a real browser: every page, budgets of clicks, work by keyboard."""
