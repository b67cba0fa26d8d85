"""What both conversations need to speak: words, texts, buttons, what came in and what goes out."""
