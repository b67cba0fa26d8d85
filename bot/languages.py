"""The languages that Pana has texts in, each by its own name. Which of them are offered is said by the place."""

NAMES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}
