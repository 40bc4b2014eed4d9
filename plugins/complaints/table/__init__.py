"""The complaint summary table (投诉意见统计表) of a month or any other time (SPEC P7)."""
