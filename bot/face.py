"""The bot's public face and its menu: harmless words and a picture that says nothing."""

from collections.abc import Sequence

from bot.errors import CallError
from bot.logs import log
from bot.picture import picture
from bot.settings import BotSettings
from bot.speech.texts import both
from bot.speech.words import Words
from bot.telegram.post import Post

USUAL = "en"  # what a phone in any other language shows
_MENU = {
    "start": both.MENU_START,
    "language": both.MENU_LANGUAGE,
    "clear": both.MENU_CLEAR,
    "help": both.MENU_HELP,
}


class Face:
    """`bot`: its name, and what is said about it. `languages`: those that have words of their own."""

    def __init__(self, *, post: Post, words: Words, bot: BotSettings, languages: Sequence[str]) -> None:
        self._post, self._words, self._bot = post, words, bot
        self._languages = [one for one in languages if one != USUAL]

    async def put_on(self) -> None:
        """Sets all of it; what fails there is no reason to hear nobody."""
        try:
            for language in (None, *self._languages):
                await self._speaks(language)
            await self._post.set_name(self._bot.name)
            await self._post.set_picture(picture())  # last: not every server knows how
        except CallError as error:
            log.warning("the public face was not set", error=str(error))
        except Exception as error:
            log.error("the public face was not set", error=type(error).__name__)

    async def _speaks(self, language: str | None) -> None:
        """The menu, what an empty chat says, and the line on the profile."""
        said = {name: self._words.text(language or USUAL, text) for name, text in _MENU.items()}
        await self._post.set_menu(said, language=language)
        begins = self._words.text(language or USUAL, both.FACE)
        await self._post.set_about(language, empty_chat=begins, profile=self._bot.about or begins)
