"""«Прошлого года», «этого месяца» and their like, as the year, or as the month and its year."""

from flows.dates.asked import Asked
from flows.dates.found import months_from
from flows.dates.names import MONTH_MARKS


def named(said: str, asked: Asked) -> str:
    """The text with its relative years and months in absolute form."""
    for years, form in enumerate(asked.words.years_back):
        said = form.sub(str(asked.today.year - years), said)
    month = asked.today.replace(day=1)
    for months, form in reversed([*enumerate(asked.words.months_back)]):  # "the month before last" is no "last month"
        meant = months_from(month, -months)
        said = form.sub(f"{MONTH_MARKS[meant.month - 1]} {meant.year}", said)
    return " ".join(said.split())
