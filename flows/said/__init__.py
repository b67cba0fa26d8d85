"""What a typed text means where it was typed: an answer, several, a command, a language, consent."""
