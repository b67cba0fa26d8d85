"""`pana` with no limit on new messages: a saturated bot shows what a tap costs, not what Telegram lets through.

Only here: the program itself has no such setting, because Telegram's limit does not go away.
"""

from bot.cli import main
from bot.telegram import lanes

for name in ("A_SECOND", "CHAT_A_SECOND", "CHAT_AT_ONCE"):
    assert hasattr(lanes, name), f"the limit is not called {name} any more"
    setattr(lanes, name, 1e6)

if __name__ == "__main__":
    main()
