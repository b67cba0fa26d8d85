"""What people say, as words: folded into one form, and found by patterns. It knows no questionnaire."""
