"""What people type, in Russian, to the questions between the papers and the offer to stop."""

# At liberty: asylum not asked for yet, came three weeks ago through a checkpoint, no service, not wanted.
CALM_ON = ("1", "20 дней назад", "1", "1", "4")
# Held: since yesterday, asylum not asked for there yet.
HELD_ON = ("вчера", "5", "3")
