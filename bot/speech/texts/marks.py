"""How a text is marked for the extractor of the catalogs (locales/messages.py)."""


def N_(text: str) -> str:  # noqa: N802 - the gettext keyword for "translate this later"
    """Marks a text for the extractor and gives it back as it is."""
    return text


def NP_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 - the plural form of N_
    """Marks a text with a number in it: its singular and its plural."""
    return singular, plural
