"""Weekly summaries of questions (每周问题汇总)."""
