"""`pana` with no limit on new messages: a saturated bot shows what a tap costs, not what Telegram lets through.

Only here: the program itself has no such setting, because Telegram's limit does not go away.
"""

from bot.cli import main
from bot.telegram import lanes

lanes.A_SECOND = lanes.CHAT_A_SECOND = lanes.CHAT_AT_ONCE = 1e6

if __name__ == "__main__":
    main()
