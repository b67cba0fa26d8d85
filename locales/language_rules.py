"""What a machine can see in a Russian or Kazakh text: alphabets, tone, form. Thresholds from Signal's Kazakh texts."""

import re
import unicodedata
from collections import Counter

KAZAKH = set("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
LONGEST_LABEL, LONGEST_TEXT = 29, 600
_PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]")
_COMMAND = re.compile(r"/[a-z]+")
_LATIN_WORDS = {"Telegram", "Pana", "PDF", "CODE", "pana", "open"}
_RUSSIAN_IN_KAZAKH = re.compile(
    r"(?:и|во|на|что|это|или|для|по|со|от|из|у|об|вы|ваш|ваша|ваши|вас|вам|мы|нам|наш|она|они|если|как|так|но|же|бы"
    r"|ли|то|при|до|без|за|про|над|под|между|через|после|также|ещё|еще|уже|только|можно|нужно|нет|есть|был|быть|который|пожалуйста|чтобы|потому|когда|где|кто|чем)"
)
_RULES = {
    "ru": [
        (r"(?i)\b(дезертир(?!ств)\w*|уклонист\w*|беглец\w*|нелегал\w*|успокойтесь|не волнуйтесь)\b", "an unfit word"),
        (r"[а-яё,] (Вы|Вас|Вам|Вами|Ваш\w*)\b", "«вы» is lower case"),
        (r" - | – ", "the Russian dash is —"),
    ],
    "kk": [
        (r"(?i)\b(баспана\w*|дезертир(?!ств)\w*|қашқын(?!дық)\w*|күн тәртібі\w*)\b|^бас тарту$",
         "a word we do not use"),
        (r"[а-яәғқңөұүһі,] Сіз", "«сіз» is lower case"),
        (r"—", "the Kazakh dash is –"),
        (r"[ёщъЁЩЪ]", "ё, щ, ъ do not stand in Kazakh"),
        (r"\)[sd][»\"’]?-?(да|де|та|те|ға|ге|қа|ке|ды|ді|ты|ті|ны|ні|дың|дің|дан|ден|нан|нен|мен|бен|пен)\b",
         "a suffix is glued to a placeholder"),
        (r"%\([a-z_]+\)d(?: \w+)? \w+(?:лар|лер|дар|дер|тар|тер)\b", "no plural after a number"),
    ],
}  # fmt: skip

# Words that tell whether a man or a woman is meant: the singular past, short participles and adjectives.
_PAST = (
    r"\w*[аеёиоуыюя]л(?:ся)?|\w*(?:[аеёиоуыюя]|[бгзкрсхш])ла(?:сь)?|(?:по|с)?мог|\w*(?:сёк|нёс|нес|вёз|вез|лёг)(?:ся)?"
    r"|(?:пере|рас)сек|\w*(?:лез|стиг|жёг|рёг)|(?:с|по)?гиб|(?:у|по|за)мер|исчез|(?:при|от)вык|(?:вы|под)рос"
    r"|(?:по|с|вы)тёр|\w+мёрз"
)
_SHORT = (
    r"\w{2,}[аея]н|\w+ён|\w{2,}[аеёя]на|(?:\w*ня|взя|изъя|\w*би|\w*шиф|\w*кры|обману|застигну|настигну)та?|готова?|рада?"
    r"|сама?|жива?|здорова?|больна|согласна|должна|свободна|голодна|виноват|виновата|знакома?|женат"
)
# Nouns and adverbs that look like them; and what things do, as in "a summons came".
_NOUNS = (
    r"сначала|дела|сила|школа|\w*(?:протокол|отдел|раздел|предел|материал|канал|журнал|зал|генерал|персонал|квартал)"
    r"|стол|портал|вокзал|узел|угол|пол|план|обман|экран|обмен|член|плен|\w*стан|страна|охрана|\w*мена|имена|цена"
    r"|жена|астана|пана"
)
_THINGS = (
    r"была?|пришла|приш[её]л|нужна?|нужен|назначена?|наступила?|ист[её]к|истекла|(?:за)?кончил(?:ся|ась)"
    r"|начал(?:ся|ась)|случил(?:ся|ась)|изменил(?:ся|ась)"
)
_BETWEEN = (
    r"(?:не|ни|уже|ещё|бы|же|ли|там|здесь|тоже|только|сами|это|его|её|их|никогда|раньше|сейчас|недавно|был|была|были) "
)
_TELLING = rf"(?!(?:{_NOUNS})\b)(?:{_PAST}|{_SHORT})\b"
_ADDRESSED = re.compile(rf"\b(?:вы|я) (?:{_BETWEEN}){{0,3}}{_TELLING}|\b{_TELLING}(?: ли)? (?:вы|я)\b", re.IGNORECASE)
# Whoever else the sentence may speak of: then the word agrees with a noun, and tells nothing about the person.
_ANOTHER = re.compile(
    r"\b(юрист|адвокат|координатор|коллега|человек|суд|прокурор|он|она|никто|(?:кто|что)(?:-\w+)?|который|которая|жалоба)\b",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    rf"^\W*(?:(?:да|нет), )?(?:если )?(?:{_BETWEEN})*(?!(?:{_THINGS})\b){_TELLING}(?! ли\b)", re.IGNORECASE
)
_UNNAMED_LATER = re.compile(
    rf", (?:{_BETWEEN})*(?!(?:{_NOUNS}|{_THINGS})\b)(?:{_PAST})\b", re.IGNORECASE
)  # in a label only: in a sentence a noun may stand before
_ALWAYS = re.compile(
    r"\b(согласен|согласна|готова?|уверена?|должен|должна|обязан|обязана|сам|сама)\b|\(а\)", re.IGNORECASE
)
_GENDERED = "a gendered form: use the plural, a noun or the present"


def faults(text: str, source: str, language: str, *, label: bool) -> list[str]:
    """What is wrong with a translation, each a short sentence."""
    found = [what for pattern, what in _RULES[language] if re.search(pattern, _bare(text))]
    if language == "ru" and _is_gendered(text, label=label):
        found.append(_GENDERED)
    return found + _form(text, source, label=label) + _letters(text, language)


def _is_gendered(text: str, *, label: bool) -> bool:
    """True when a Russian text takes the person for a man or a woman: «вы уехал», or «уехал» with nobody named."""
    if _ADDRESSED.search(text):
        return True
    for sentence in re.split(r"[.!?\n]+", text):
        if _ANOTHER.search(sentence):
            continue
        if _ALWAYS.search(sentence) or _UNNAMED.search(sentence) or (label and _UNNAMED_LATER.search(sentence)):
            return True
    return False


def _bare(text: str) -> str:
    return _COMMAND.sub(" ", text)


def _form(text: str, source: str, *, label: bool) -> list[str]:
    found = []
    if Counter(_PLACEHOLDER.findall(text)) != Counter(_PLACEHOLDER.findall(source)):
        found.append("its placeholders differ from the English ones")
    elif _PLACEHOLDER.search(source) and "%" in _PLACEHOLDER.sub("", text).replace("%%", ""):
        found.append("has a stray %: write %%")
    if sorted(_COMMAND.findall(text)) != sorted(_COMMAND.findall(source)):
        found.append("its /commands differ from the English ones")
    if unicodedata.normalize("NFC", text) != text or text != text.strip() or "  " in text:
        found.append("has stray spaces or is not NFC")
    if re.search(r"[\"“”„']", text):
        found.append("quotes are «»")
    if len(text) > (LONGEST_LABEL if label else LONGEST_TEXT):
        found.append(f"is {len(text)} characters long")
    return found


def _letters(text: str, language: str) -> list[str]:
    found = []
    words = re.findall(r"[^\W\d_]+", _PLACEHOLDER.sub(" ", _bare(text)))
    for word in words:
        cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in word)
        latin = any(not "\u0400" <= letter <= "\u04ff" for letter in word)
        if cyrillic and latin:
            found.append(f"mixes alphabets in {word}")
        elif latin and word not in _LATIN_WORDS:
            found.append(f"has the Latin word {word}")
    if language == "kk":
        found += _kazakh(text, words)
    elif KAZAKH & set("".join(words)):
        found.append("has a Kazakh letter in Russian")
    return found


def _kazakh(text: str, words: list[str]) -> list[str]:
    letters = [letter for letter in text if "\u0400" <= letter <= "\u04ff"]
    found = [f"has the Russian word {word}" for word in words if _RUSSIAN_IN_KAZAKH.fullmatch(word.lower())]
    if len(letters) >= 25 and not KAZAKH & set(letters):
        found.append("has no Kazakh letter")
    if len(letters) >= 60 and sum(letter in KAZAKH for letter in letters) / len(letters) < 0.04:
        found.append("has too few Kazakh letters")
    return found
