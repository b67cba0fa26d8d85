"""What people say, as words: folded into one form, and found by the patterns of a vocabulary. Knows no questionnaire."""
