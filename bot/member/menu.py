"""The menu of a member's own chat (Bot API, BotCommandScopeChat). Everybody else has a harmless one (bot/face.py)."""

from collections.abc import Mapping

from bot.speech.reader import Speech
from bot.speech.texts import both, coordinator
from bot.speech.texts import member as texts
from storage.members import Member

_LAWYER = {"cases": texts.MENU_CASES, "oncall": texts.MENU_ONCALL, "help": both.MENU_HELP}
_COORDINATOR = {
    "queue": coordinator.MENU_QUEUE,
    "oncall": coordinator.TO_DUTY,
    "suspend": coordinator.MENU_SUSPEND,
    "help": both.MENU_HELP,
}


def menu(speech: Speech, member: Member) -> Mapping[str, str]:
    """Command -> what it does, in the member's language; of somebody who does not take part none."""
    reader, commands = speech.to_member(member), _LAWYER if member.role == "lawyer" else _COORDINATOR
    return {name: reader.text(text) for name, text in commands.items()} if member.works else {}
