"""The name of the file in which lawyers make their key and open cases (bot/reader_page.py)."""

READER_FILE = "reader.html"
