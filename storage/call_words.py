"""Two words that a case gives, in each language: a lawyer who calls says them first, and the person compares.

They come from the case id, so that whoever holds the case can say them and a stranger who has the number cannot.
"""

import hashlib


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


WORDS = {
    "ru": _words(
        "берег ветер вода город гора дерево дорога дождь дом звезда зима зерно золото камень карта клён книга ключ",
        "колесо корабль лампа лес лето лист лодка луна мёд море мост молоко небо нить облако огонь озеро окно орёл",
        "осень остров парус перо песок песня поле птица пчела река роза роса рыба сад свеча снег соль сосна степь",
        "стол трава тропа туман утро хлеб цветок яблоко",
    ),
    "kk": _words(
        "ағаш ай айна алма алтын арал аспан бақ балық бидай бұлақ бұлт гүл дала дәптер дария есік жаз жаңбыр",
        "жапырақ жол жұлдыз жүзім жылқы кеме кілем кітап көл көпір күз күміс күн қайық қала қалам қар қарағай",
        "қарлығаш қауын қоңырау құм құс қыс нан орман өзен өрік сағат сандық сүт тас таң тау теңіз терезе тұз",
        "тұман үй шай шам шөп ыдыс бал домбыра",
    ),
    "en": _words(
        "apple bee bird boat book bread bridge candle city cloud coast dew eagle earth fern field fire fish flower",
        "forest garden gold grain grass hill honey house island key lake lamp leaf maple milk mist moon morning",
        "oak ocean path pine plain rain river road rose salt sail sand sea ship silver sky snow song star stone",
        "summer table thread tree wheel window winter",
    ),
}


def call_words(case_id: str, language: str) -> str:
    """The two words of a case in a language, as they are said: `мост, роса`."""
    words = WORDS.get(language, WORDS["en"])
    digest = hashlib.sha256(b"pana-call-words-v1\n" + case_id.encode()).digest()
    return ", ".join(words[byte % len(words)] for byte in digest[:2])
