"""Nobody is heard: everybody is told, on every way (bot/handoff/alarm.py), by one process of several."""

from bot.handoff.alarm import Alarm
from bot.hearing import Trouble
from bot.logs import log
from bot.roles import Roles
from storage.writer import Writer


class Everybody:
    """Rings the alarm where this process leads."""

    def __init__(self, *, roles: Roles, writer: Writer, alarm: Alarm) -> None:
        self._roles, self._writer, self._alarm = roles, writer, alarm

    async def tell(self, why: Trouble) -> bool:
        """False when storage could not take it."""
        if not self._roles.leads():
            return True
        try:
            await self._writer.run(lambda tx: self._alarm.ring(tx, why))
        except Exception as error:  # it is tried again in a second
            log.error("an alarm could not be kept", error=type(error).__name__)
            return False
        return True
