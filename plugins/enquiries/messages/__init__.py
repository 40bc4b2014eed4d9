"""Messages for colleagues who were called for (留言)."""
