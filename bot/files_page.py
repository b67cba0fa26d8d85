"""The files of a person on the page of an opened case (bot/case_page.py)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.speech.files import file_in_words
from bot.speech.texts import page as texts
from bot.speech.words import Words
from storage.said import Said

Say = Callable[..., str]


def paragraph(words: Words, language: str, file: Mapping[str, Any], question: str | None) -> Iterator[str]:
    """One file as the entry tells of it, and what was found of it here. `question`: the one that it answers."""

    def say(text: str, **values: object) -> str:
        return words.text(language, text, **values)

    what = file_in_words(words, language, file.get("kind"), _number(file, "bytes"), _number(file, "seconds"))
    yield ""
    yield say(texts.FILE, n=file["seq"], what=what, time=file["at"])
    yield from (f"  {line}" for line in _told(say, file, question))
    yield from (f"  {line}" for line in _found(say, file))


def _told(say: Say, file: Mapping[str, Any], question: str | None) -> Iterator[str]:
    if question:
        yield say(texts.FILE_ANSWERS, question=question)
    if file.get("name"):
        yield say(texts.FILE_NAME, name=file["name"])
    if file.get("media"):
        yield say(texts.FILE_TYPE, what=file["media"])
    if file.get("said"):
        yield say(texts.FILE_SENT_AS, what=file["said"])
    if file.get("sha256"):
        yield f"SHA-256: {file['sha256']}"


def _found(say: Say, file: Mapping[str, Any]) -> Iterator[str]:
    problem = file["problem"]
    if isinstance(problem, Said):
        yield say(texts.PROBLEM, what=say(problem.text, **problem.values))
    if file["apart"]:
        yield say(texts.FILE_APART)
    if file["written"]:
        yield say(texts.FILE_WRITTEN, path=file["written"])
    if file["says"]:
        yield say(texts.FILE_SAYS, what=", ".join(_itself(say, file["says"])))


def _itself(say: Say, says: Mapping[str, Any]) -> Iterator[str]:
    if says["taken"]:
        yield say(texts.FILE_TAKEN, time=says["taken"])
    if says["camera"]:
        yield say(texts.FILE_CAMERA, what=says["camera"])
    if says["place"]:
        yield say(texts.FILE_PLACE, place=", ".join(f"{one:.5f}" for one in says["place"]))


def _number(file: Mapping[str, Any], name: str) -> int:
    found = file.get(name)
    return found if isinstance(found, int) else 0
