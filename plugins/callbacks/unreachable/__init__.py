"""The monthly list of customers who could not be reached (无法电访客户名单)."""
