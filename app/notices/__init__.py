"""What people are told: who, about which record, by which way."""
