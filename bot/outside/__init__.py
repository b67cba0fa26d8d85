"""Ways outside Telegram by which a member hears that a case is waiting, and nothing else."""
