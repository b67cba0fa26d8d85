"""The printable page of a native reader or an advocate: one HTML file, made from the catalogs and the questionnaire.

It needs no network and runs nothing. Each text stands with the code of exactly what is printed there, so that what is
signed on paper cannot be recorded for other words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import count

from bot.signing_facts import Fact, Line, facts
from bot.speech.texts import signing as texts
from bot.speech.words import Words, day, language_name
from flows.marks import Marks, Role, Standing
from flows.readable import CODE, LAW, Kind, Readable

Chosen = Callable[[Readable], bool]
_STYLE = """
@page { size: A4; margin: 14mm 13mm 16mm }
@page { @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
* { box-sizing: border-box }
body { font: 10pt/1.35 "DejaVu Sans", "Noto Sans", Arial, sans-serif; color: #000; margin: 0 auto; max-width: 190mm }
h1 { font-size: 15pt; margin: 0 0 2mm } h2 { font-size: 12pt; margin: 7mm 0 2mm; break-after: avoid }
p { margin: 0 0 2mm } code { font: 8.5pt "DejaVu Sans Mono", monospace }
.how { border: 1px solid #000; padding: 3mm 4mm; margin: 3mm 0 }
.how pre { font: 8.5pt "DejaVu Sans Mono", monospace; white-space: pre-wrap; margin: 2mm 0 0 }
.line { margin-top: 5mm } .line span { display: inline-block; width: 95mm; border-bottom: 1px solid #000; height: 1em }
.one { border-top: 1px solid #999; padding: 2mm 0 2.5mm; break-inside: avoid }
.head { font-size: 8.5pt; display: flex; gap: 2.5mm; align-items: center; margin-bottom: 1mm }
.box { width: 4.2mm; height: 4.2mm; border: 1.3px solid #000; flex: none }
.stands { margin-left: auto } .changed { font-weight: bold }
.text { font-size: 11pt; white-space: pre-line }
table { border-collapse: collapse; width: 100% } td { vertical-align: top; padding: .5mm 2mm .8mm 0 }
td.name { width: 17mm; font-size: 7.5pt; color: #444; overflow-wrap: anywhere }
td.read { width: 50%; white-space: pre-line }
td.beside { font-size: 8.5pt; color: #333; white-space: pre-line }
.note { font-size: 8pt; color: #444; margin: .5mm 0 0 }
.facts { font-size: 9pt; margin-top: 1.5mm } .facts td.name { width: 44mm; font-size: 8.5pt }
ul { margin: 0; padding-left: 4.5mm }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is printed. `read` in the language of the page; `beside`: the same in another to compare with, or nothing.

    `notes`: what translators are told, by the English of a text; `only_open`: what is signed as it stands is left out.
    """

    role: Role
    language: str
    read: Sequence[Readable]
    beside: Mapping[str, Readable]
    notes: Mapping[str, str]
    marks: Marks
    made: date
    only_open: bool = False


def html(page: Page, words: Words) -> str:
    """The whole file."""
    printed = _Printed(page, words)
    return "".join(
        [
            f'<!doctype html><html lang="{page.language}"><head><meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{printed.title()}</title><style>{_STYLE}</style></head><body>",
            *printed.beginning(),
            *printed.sections(),
            *printed.end(),
            "</body></html>\n",
        ]
    )


def in_order(role: Role, read: Iterable[Readable]) -> Iterator[tuple[str, Sequence[Readable]]]:
    """The sections of a page with what stands in each; every text that this role is to read, once."""
    left = [one for one in read if one.wanted_of(role)]
    for heading, belongs in _SECTIONS[role]:
        inside = [one for one in left if belongs(one)]
        left = [one for one in left if not belongs(one)]
        if inside:
            yield heading, inside


def code(one: Readable, role: Role) -> str:
    """What stands beside a text on paper, and is typed to sign it."""
    return f"{one.id}={one.sha256(role)[:CODE]}"


def _said_to(*readers: str) -> Chosen:
    return lambda one: one.kind is Kind.message and one.id.split(".")[1] in readers


def _of(kind: Kind) -> Chosen:
    return lambda one: one.kind is kind


_SECTIONS: Mapping[Role, Sequence[tuple[str, Chosen]]] = {
    Role.reader: (
        (texts.GRAVE, lambda one: one.grave),
        (texts.ADVICE, _of(Kind.advice)),
        (texts.QUESTIONS, _of(Kind.question)),
        (texts.FOR_PEOPLE, _said_to("seeker", "both")),
        (texts.RULES, _of(Kind.rule)),
        (texts.CLOCKS, _of(Kind.clock)),
        (texts.CARDS, _of(Kind.card)),
        (texts.FOR_COORDINATORS, _said_to("coordinator")),
        (texts.FOR_LAWYERS, lambda one: True),  # all that is left
    ),
    Role.advocate: (
        (texts.ADVICE, _of(Kind.advice)),
        (texts.CLOCKS, _of(Kind.clock)),
        (texts.CARDS, _of(Kind.card)),
        (texts.RULES, _of(Kind.rule)),
        (texts.GRAVE, lambda one: one.grave),
    ),
}


_LAW = "law."
_FORMS = {"self": texts.ABOUT_ONESELF, "other": texts.ABOUT_ANOTHER, "open": texts.ABOUT_ANYBODY, "hint": texts.HINT}


@dataclass(frozen=True, slots=True)
class _Printed:
    page: Page
    words: Words

    def title(self) -> str:
        title = texts.FOR_READER if self.page.role is Role.reader else texts.FOR_ADVOCATE
        return self._text(title, language=language_name(self.page.language, self.page.language))

    def beginning(self) -> Iterator[str]:
        page = self.page
        wanted = [one for one in page.read if one.wanted_of(page.role)]
        unsigned = sum(not self._standing(one).holds for one in wanted)
        yield f"<h1>{self.title()}</h1><p>"
        yield self._text(texts.MADE, program="Pana", day=day(page.language, page.made), all=len(wanted), open=unsigned)
        yield '</p><div class="how">'
        if page.role is Role.reader:
            yield self._paragraph(texts.READER_HOW)
        else:
            yield self._paragraph(texts.ADVOCATE_HOW)
            yield self._paragraph(texts.ADVOCATE_WHY)
            yield self._paragraph(texts.CERTAINTY_HOW, now="A", old="A-old", second="B", memory="C")
            yield self._laws()
        yield f"{self._paragraph(texts.CODE_HOW)}</div>"

    def _laws(self) -> str:
        """What the short names of laws stand for, where the questionnaire says it."""
        known = [said for one in self.page.read for said in one.texts if said.context.startswith(_LAW)]
        said = "; ".join(f"{one.context.removeprefix(_LAW)} = {one.text}" for one in known)
        return f"<p>{escape(said)}</p>" if said else ""

    def sections(self) -> Iterator[str]:
        numbers = count(1)
        for heading, inside in in_order(self.page.role, self.page.read):
            shown = [one for one in inside if not (self.page.only_open and self._standing(one).holds)]
            if shown:
                yield f"<h2>{self._text(heading)} ({len(shown)})</h2>"
                yield from (self._one(number, one) for one, number in zip(shown, numbers, strict=False))

    def end(self) -> Iterator[str]:
        page = self.page
        command = (
            f'pana flow sign --as {page.role} --language {page.language} --by "…" --on YYYY-MM-DD'
            f" {code(page.read[0], page.role)} …"
        )
        yield f'<h2>{self._text(texts.SIGNING)}</h2><div class="how">{self._paragraph(texts.SIGN_HOW)}'
        yield f"<pre>{escape(command)}</pre>"
        for asked in (texts.SIGNED_BY, texts.SIGNED_ON, texts.BY_HAND):
            yield f'<p class="line">{self._text(asked)} <span></span></p>'
        yield "</div>"

    def _one(self, number: int, one: Readable) -> str:
        standing = self._standing(one)
        changed = " changed" if standing.changed else ""
        named = f"<b>{number}</b><code>{escape(code(one, self.page.role))}</code>"
        stands = f'<span class="stands{changed}">{escape(self._stands(one, standing))}</span>'
        head = f'<div class="head"><span class="box"></span>{named}{stands}</div>'
        return f'<div class="one">{head}{self._body(one)}</div>'

    def _body(self, one: Readable) -> str:
        if self.page.role is Role.advocate and one.kind in LAW:
            main = one.texts[0]
            return f'<div class="text">{escape(main.text)}</div>{_facts(facts(self.words, one))}'
        return f"<table>{''.join(self._rows(one))}</table>{self._note(one)}"

    def _rows(self, one: Readable) -> Iterator[str]:
        compared = self.page.beside.get(one.id)
        beside = {said.context: said.text for said in compared.texts} if compared else {}
        for said in one.texts:
            name = self._form(said.context.rpartition(".")[2])
            named = f'<td class="name">{escape(name)}</td>' if len(one.texts) > 1 else ""
            other = f'<td class="beside">{escape(beside.get(said.context, ""))}</td>' if compared else ""
            yield f'<tr>{named}<td class="read">{escape(said.text)}</td>{other}</tr>'

    def _form(self, name: str) -> str:
        return self._plain(_FORMS[name]) if name in _FORMS else "" if name == "text" else name

    def _note(self, one: Readable) -> str:
        note = self.page.notes.get(one.texts[0].english, "") if one.kind is Kind.message else ""
        return f'<p class="note">{escape(note)}</p>' if note else ""

    def _stands(self, one: Readable, standing: Standing) -> str:
        mark = standing.mark
        if mark is not None:
            signed = texts.SIGNED if standing.holds else texts.CHANGED
            said = day(self.page.language, date.fromisoformat(mark.on))
            return self._plain(signed, by=mark.by, day=said)
        quoted = one.quoted and self.page.role is Role.advocate
        return self._plain(texts.QUOTATION if quoted else texts.NOT_SIGNED)

    def _standing(self, one: Readable) -> Standing:
        return one.standing(self.page.role, self.page.marks)

    def _paragraph(self, msgid: str, **values: object) -> str:
        return f"<p>{self._text(msgid, **values)}</p>"

    def _text(self, msgid: str, **values: object) -> str:
        return escape(self._plain(msgid, **values))

    def _plain(self, msgid: str, **values: object) -> str:
        return self.words.text(self.page.language, msgid, **values)


def _facts(known: Iterable[Fact]) -> str:
    rows = "".join(f'<tr><td class="name">{escape(fact.name)}</td><td>{_lines(fact.lines)}</td></tr>' for fact in known)
    return f'<table class="facts">{rows}</table>'


def _lines(lines: Sequence[Line]) -> str:
    said = [f"{escape(line.text)}{f'<ul>{_items(line.under)}</ul>' if line.under else ''}" for line in lines]
    return said[0] if len(said) == 1 else f"<ul>{''.join(f'<li>{one}</li>' for one in said)}</ul>"


def _items(lines: Sequence[Line]) -> str:
    return "".join(f"<li>{_lines((line,))}</li>" for line in lines)
