"""Gaps (知识缺口): questions that nobody found an answer to."""
