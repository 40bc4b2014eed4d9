"""Enquiries of customers (客户咨询): the desk for a call, and what calls become."""
