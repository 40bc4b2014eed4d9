"""Lines of tables (价格表、保修表): prices, warranty, numbers to call."""
