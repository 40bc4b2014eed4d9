"""Browser tests of training."""
