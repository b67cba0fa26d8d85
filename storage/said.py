"""A sentence of the offline reader: English as it is, and in parts, so that a page can say it in another language."""

from typing import Any

from storage.harmless import shown


def N_(text: str) -> str:  # noqa: N802 - the gettext keyword for "translate this later"
    """Marks a text for the extractor of the catalogs (locales/messages.py) and gives it back as it is."""
    return text


class Said(str):
    """`text` has named placeholders, `values` fill them: names of a stranger's, which move no terminal."""

    text: str
    values: dict[str, Any]

    def __new__(cls, text: str, **values: object) -> "Said":
        """As whoever prints it reads it: in English."""
        harmless = {name: shown(value) for name, value in values.items()}
        said = super().__new__(cls, text % harmless if values else text)
        said.text, said.values = text, harmless
        return said

    def parts(self) -> dict[str, Any]:
        """For a page that says it in its own language."""
        return {"text": self.text, "values": self.values}
