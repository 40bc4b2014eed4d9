"""Referral rewards: applied for, checked against loans and investments, paid with a bonus."""
