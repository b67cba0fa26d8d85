"""A sentence of the offline reader: English as it is, and in parts, so that a page can say it in another language."""

from typing import Any


def N_(text: str) -> str:  # noqa: N802 - the gettext keyword for "translate this later"
    """Marks a text for the extractor of the catalogs (locales/messages.py) and gives it back as it is."""
    return text


class Said(str):
    """`text` has named placeholders, `values` fill them."""

    text: str
    values: dict[str, Any]

    def __new__(cls, text: str, **values: object) -> "Said":
        """As whoever prints it reads it: in English."""
        said = super().__new__(cls, text % values if values else text)
        said.text, said.values = text, values
        return said
