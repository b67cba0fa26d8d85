"""What people type, in Russian, to the questions between the papers and the offer to stop."""

# At liberty: asylum not asked for yet, came three weeks ago through a checkpoint, no service, not wanted.
CALM_ON = ("1", "20 дней назад", "1", "1", "4")
# Held: since yesterday, asylum not asked for there yet.
HELD_ON = ("вчера", "5", "3")
# The same from the question about who holds them to the end, and sent.
HELD_TO_THE_END = ("1", "2", "5", "5", "1", "1", "/skip", "/skip", *HELD_ON, "1", "отправить")
