"""Two words that a case gives, in each language: a lawyer who calls says them first, and the person compares.

They come from a secret that is sealed in the case when it is claimed, so that whoever has opened the case can say them,
and a stranger who has the number, the disk or an unopened bundle cannot. In a claim of before there was such a secret
they come from the case id.
"""

import hashlib
import secrets


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


# Said aloud on a line that may be heard: no slang for drugs, money or crime, no two that sound alike.
WORDS = {
    "ru": _words(
        "арбуз берег варенье ветер вишня вода гитара город груша дерево дождь дом зима золото зонт книга корзина",
        "кувшин лампа лето лист лодка луна мёд молоко море мост небо нить облако озеро окно орёл осень остров",
        "пальто парус песня песок поле пчела река роза ромашка рыба сад скамейка слива сосна степь стол тетрадь туман",
        "тыква утро хлеб холм цветок шарф яблоко",
    ),
    "kk": _words(
        "ағаш айна алмұрт алтын арал аспан балық бәйтерек бидай бұлақ бұлт гүл дала дария дәптер домбыра есік жаңбыр",
        "жапырақ жол жұлдыз жүзім жылқы кеме кілем кітап көбелек көпір күміс күн қайық қалам қарағай қарбыз қарлығаш",
        "қауын қыс нан орман орындық өзен өрік сағат сүт тау теңіз терезе тұман ұршық үй шай шаңырақ шатыр ыдыс",
    ),
    "en": _words(
        "apple bird boat book bread bridge candle chair city cloud coast dew eagle earth fern field fire fish flower",
        "forest garden gold hill honey house island lake lamp leaf lemon milk mist moon morning oak",
        "ocean path rain river road rose sand ship silver sky song spoon star stone summer table thread wheel window",
        "winter",
    ),
}


def new_call_secret() -> str:
    """From which the words of one claim are made: 128 bits."""
    return secrets.token_hex(16)


def call_words(secret: str, language: str) -> str:
    """The two words that a secret gives in a language, as they are said: `мост, роса`."""
    words = WORDS.get(language, WORDS["en"])
    digest = hashlib.sha256(b"pana-call-words-v1\n" + secret.encode()).digest()
    first = words[digest[0] % len(words)]
    others = [one for one in words if one != first]
    return f"{first}, {others[digest[1] % len(others)]}"
