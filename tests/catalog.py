"""Every text of the program, as the template of the catalogs has them: that it is new is shown by test_catalogs.py.

To look for them in the sources takes a hundred times as long.
"""

from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from locales.messages import FOLDER


@cache
def template() -> Catalog:
    """Nobody changes it."""
    with (FOLDER / "messages.pot").open("rb") as file:
        return read_po(file)


@cache
def every_text() -> tuple[Message, ...]:
    """In the order of its files."""
    return tuple(one for one in template() if one.id)
