"""Articles (知识条目): versions, approval, reading."""
