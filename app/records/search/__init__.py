"""The search index: tokens, pinyin, reading and writing."""
