"""The bot's public face and its menu: harmless words only."""

from bot.errors import CallError
from bot.logs import log
from bot.settings import BotSettings
from bot.speech.texts import both
from bot.speech.words import Words
from bot.telegram.post import Post

_MENU = {
    "start": both.MENU_START,
    "language": both.MENU_LANGUAGE,
    "clear": both.MENU_CLEAR,
    "help": both.MENU_HELP,
}


class Face:
    """`bot`: its name, and what is said about it."""

    def __init__(self, *, post: Post, words: Words, bot: BotSettings) -> None:
        self._post, self._words, self._bot = post, words, bot

    async def put_on(self) -> None:
        """Sets both; what fails there is no reason to hear nobody."""
        try:
            for language in (None, "ru", "kk"):
                said = {name: self._words.text(language or "en", text) for name, text in _MENU.items()}
                await self._post.set_menu(language, said)
            await self._post.set_face(self._bot.name, self._bot.about)
        except CallError as error:
            log.warning("the public face was not set", error=str(error))
        except Exception as error:
            log.error("the public face was not set", error=type(error).__name__)
