"""People who follow the buttons of a bot: from /start to the end of its questionnaire, always the same way."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec


class Button(msgspec.Struct):
    """An inline button."""

    text: str
    callback_data: str = ""


class Markup(msgspec.Struct):
    """What stands under a message."""

    inline_keyboard: list[list[Button]] = []


_MARKUP = msgspec.json.Decoder(Markup)
# Somebody at liberty, whose case is opened when they send it; every fourth one goes on when the questionnaire has
# enough, and ends at the summary. In this order; otherwise the first numbered option, otherwise to skip what is asked;
# never what leads back or away. Of somebody who is held the case is opened at once, and every answer goes on into it.
ONWARD = ("Русский", "Продолжить", "На свободе", "Готово", "Нет", "Ничего", "Вчера")
ONWARD_IF_HELD = ("Русский", "Срочно: нужен юрист", "Готово", "Нет", "Ничего", "Вчера")
SEND, GO_ON, SKIP, FIRST_OF_SUMMARY = "Отправить юристу", "Ответить ещё", "Пропустить", "1"


@dataclass(slots=True)
class Person:
    """Somebody with a phone: the card that they look at, and since when an answer is awaited."""

    chat_id: int
    held: bool = False
    card: int = 0  # its message id
    shown: bytes = b""  # the message, as JSON
    next: str | None = None  # the data of the button that they will press
    pressed: str | None = None  # the data of the last one
    since: float = 0.0  # when their last update was due; 0 while nothing is awaited

    def sees(self, message_id: int, message: bytes, markup: bytes | None) -> bool:
        """A card has come or has changed; True when it is another one than that on which they have just pressed."""
        buttons = [button for row in _MARKUP.decode(markup).inline_keyboard for button in row] if markup else []
        self.card, self.shown = message_id, message
        onward = _onward(buttons, held=self.held, goes_on=self.chat_id % 4 == 1)
        if onward is not None and onward == self.pressed:
            return False
        self.next = onward
        return True


def _onward(buttons: Sequence[Button], *, held: bool, goes_on: bool) -> str | None:
    """The data of the button that leads on; None at the end."""
    ends = not goes_on or any(button.text == FIRST_OF_SUMMARY for button in buttons)
    by_label = {button.text.lstrip("0123456789. "): button.callback_data for button in buttons}
    for wanted in (SEND if ends else GO_ON, *(ONWARD_IF_HELD if held else ONWARD)):
        if wanted in by_label:
            return by_label[wanted]
    numbered = (button.callback_data for button in buttons if button.text[:1].isdigit())
    return next(numbered, by_label.get(SKIP))
