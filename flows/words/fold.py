"""A text as the patterns read it: words in one form, whatever the letters, the keyboard or the romanisation.

What is folded together is not told apart anywhere: patterns are folded in the same way. Each word has one form or
several (a Latin word may be English, or Russian or Kazakh in Latin letters); words know the clause they stand in.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

_KAZAKH = str.maketrans("қғұүөіңәһ", "кгууоинах")
_RUSSIAN = str.maketrans({"ё": "е", "э": "е", "й": "и", "ы": "и", "щ": "ш", "ъ": None, "ь": None})
_LOOK_ALIKE = str.maketrans("aceopxyikmthb", "асеорхуикмтнв")
_LAYOUT = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_SEVERAL = {
    "shch": "ш", "sch": "ш", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "gh": "г",
    "ya": "я", "yu": "ю", "yo": "е", "ye": "е",
}  # fmt: skip
_RUSSIAN_ONLY = {"ja": "я", "ia": "я", "ju": "ю", "iu": "ю", "jo": "е", "je": "е", "j": "и", "w": "ш"}
_Letters = tuple[re.Pattern[str], dict[str, str]]


def _read_as(written: dict[str, str]) -> _Letters:
    return re.compile("|".join(sorted(written, key=len, reverse=True))), written


_RUSSIAN_LETTERS, _KAZAKH_LETTERS = _read_as({**_SEVERAL, **_RUSSIAN_ONLY}), _read_as({**_SEVERAL, "w": "у"})
_SOFT_C = re.compile(r"c(?=[eiy])")
_APOSTROPHES = str.maketrans(dict.fromkeys("'’ʼ`"))
_SINGLE = str.maketrans("abcdefghijklmnopqrstuvwxyz4", "абцдефгхижклмнопкрстуввхизч")
_ACCENTS = str.maketrans("ışçğñ", "iшчgn")
_CLAUSE = re.compile(r"[,.;!?:()\n«»\"—–]|\s-\s|\+")
_ONE = re.compile(
    r"[^\W_]+(?:['’ʼ`][^\W_]+)*|[\U0001F1E6-\U0001F1FF]{2}"
    r"|[\u2600-\u27BF\U0001F170-\U0001F19A\U0001F300-\U0001FAFF]"
)
_REPEATED = re.compile(r"(\D)\1+")
_SHORT = 3
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]")
_PLUS = "\u2795"
_KEYCAP = re.compile("(?<=\\d)\ufe0f?\u20e3")
_UNSEEN = re.compile("[\ufe0e\ufe0f\u200b-\u200f\u00ad\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its forms, and the clause in which it stands."""

    forms: frozenset[str] = field(repr=False)
    clause: int


def folded(word: str) -> str:
    """A Cyrillic word in its one form; Latin letters stay."""
    said = word.translate(_KAZAKH).translate(_RUSSIAN)
    said = _once(said)
    return said.replace("нг", "н").replace("ия", "я").replace("ию", "ю")


def forms_of(word: str) -> frozenset[str]:
    """The forms of a written word: a Latin one may stand for three."""
    said = _plain(word)
    if not _LATIN.search(said):
        return frozenset({folded(said)})
    if _CYRILLIC.search(said):  # a Latin letter among Cyrillic ones is the one that looks like it
        return frozenset({folded(said.translate(_LOOK_ALIKE))})
    return frozenset({_once(said), *_in_cyrillic(said)})


def words_in(text: str) -> tuple[Word, ...]:
    """The words of a text, in order."""
    if text.strip() and not text.strip(" +"):  # in chats a plus alone is a yes
        text = _PLUS
    said = _UNSEEN.sub("", _KEYCAP.sub(" ", unicodedata.normalize("NFC", text).casefold()))
    found, clause, at = list[Word](), 0, 0
    for one in _ONE.finditer(said):
        clause += bool(_CLAUSE.search(said[at : one.start()]))
        at = one.end()
        found.append(Word(forms_of(one[0]), clause))
    return tuple(found)


def other_layout(text: str) -> str | None:
    """The text as if the keyboard had been Russian; None when nobody can have meant that."""
    said = text.casefold()
    if _CYRILLIC.search(said) or not _LATIN.search(said):
        return None
    return said.translate(_LAYOUT)


def is_cyrillic(text: str) -> bool:
    """Whether any letter is Cyrillic."""
    return bool(_CYRILLIC.search(text.casefold()))


def is_near(said: str, wanted: str) -> bool:
    """One letter more, less, other, or two exchanged."""
    if abs(len(said) - len(wanted)) > 1 or said == wanted:
        return said == wanted
    at = next((at for at, (one, other) in enumerate(zip(said, wanted, strict=False)) if one != other), None)
    if at is None:
        return True
    rest, right = said[at:], wanted[at:]
    swapped = rest[:2] == right[1::-1] and rest[2:] == right[2:]
    return swapped or rest[1:] == right[1:] or rest[1:] == right or rest == right[1:]


def _once(said: str) -> str:
    """Repeated letters once; of three letters each counts (кпп)."""
    return said if len(said) <= _SHORT else _REPEATED.sub(r"\1", said)


def _plain(word: str) -> str:
    return word.casefold().translate(_APOSTROPHES)


def _in_cyrillic(said: str) -> Sequence[str]:
    """As Russian in Latin letters, and as Kazakh."""
    bare = "".join(
        one for one in unicodedata.normalize("NFD", said.translate(_ACCENTS)) if not unicodedata.combining(one)
    )
    return folded(_letters(bare, _RUSSIAN_LETTERS)), folded(_letters(bare, _KAZAKH_LETTERS))


def _letters(said: str, letters: _Letters) -> str:
    pattern, written = letters
    once = pattern.sub(lambda one: written[one[0]], said)
    return _SOFT_C.sub("ц", once).replace("c", "к").translate(_SINGLE)
