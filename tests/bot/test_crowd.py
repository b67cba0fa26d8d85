"""A crowd that types as people do, over the real bot: not one sentence of theirs is lost once there is a case.

What counts as said to be unread is read from the cards that each of them was shown, and never from the program's
inside. What was typed before there was a case, or out of sight, is searched for on the disk.
"""

import asyncio
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer, Fault
from bot.demo.world import Message, World
from bot.languages import NAMES
from bot.speech.texts import member as to_member
from bot.speech.texts import seeker as texts
from bot.speech.words import Words
from flows.engine import tidy
from storage.opened import OpenedCase
from storage.reading import read_bundle
from storage.sealing.identity_file import read_identity_file
from tests.bot.test_crash import codes_in
from tests.bot.test_main_job import at_rest, spellings
from tests.flows.said.measure import LISTS

pytestmark = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)

ROOT = "щъэюц"  # begins a word that nobody else has ever said; it is searched for on the disk
PATIENCE = 90.0
OF_A_SENTENCE, OF_A_DATE = 3, 4  # words: a shorter text is an option that was typed, and a date may have four
METHODS = ("sendMessage", "editMessageText", "deleteMessage", "deleteMessages", "answerCallbackQuery", "getUpdates")
KINDS = (("lost", None), ("502", None), ("reset", None), ("429", 1))
ONE_IN_TEN = 0.026  # of each kind
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
LANGUAGES = ("ru", "kk", "en")
WORDS = Words.load()

# The card says by itself that a case is there, or that what was typed is in one.
OF_A_CASE = (
    *(texts.CALLING, texts.TAKEN_CARD, texts.SENT, texts.SENT_SHORT, texts.KEPT, texts.KEPT_NOT_TOGETHER),
    *(texts.KEPT_NO_DATE, texts.KEPT_TERM, texts.KEPT_FUTURE, texts.KEPT_EARLIER, texts.SAVED, texts.CORRECTED),
)
# The card says that what was typed is not kept.
UNREAD = (
    *(texts.NO_OPTION, texts.NOT_KEPT, texts.NOT_TOGETHER, texts.NO_DATE, texts.TERM, texts.FUTURE, texts.EARLIER),
    *(texts.NOT_ASKED, texts.NOT_CORRECTED),
)
HIDES = (texts.HIDDEN, texts.HIDDEN_UNSENT, texts.HIDDEN_JOINED, texts.LEFT)
NEVER_PRESSED = (texts.HIDE_CHAT, texts.DELETE_YES, texts.LEAVE)  # what leads away is done on purpose

SENTENCES = {
    "ru": (
        "тут следователь и двое в форме, что мне говорить",
        "нас везут куда-то в сторону границы, окна закрыты",
        "паспорт забрали ещё вчера вечером и не отдают",
        "адвокат сказал ничего не подписывать, это правильно?",
        "я жду уже три часа, здесь ещё одна семья с ребёнком",
        "спасибо вам большое за то, что вы есть",
        "брат вышел за хлебом и не вернулся, телефон выключен",
        "не знаю что писать, боюсь что прочитают",
        "меня держат в полиции с самого утра",
        "подождите пожалуйста одну минуту, сейчас отвечу",
        "когда придёт юрист и кто это будет",
        "отправьте всё это юристу прямо сейчас пожалуйста",
        "вернитесь пожалуйста к предыдущему вопросу, я ошибся",
        "давайте дальше, этот вопрос пропустим пока",
        "можно по-казахски, мне так легче читать",
    ),
    "kk": (
        "мұнда тергеуші отыр, не айтуым керек екенін білмеймін",
        "бізді шекараға қарай алып бара жатыр",
        "паспортымды кеше кешке алып қойды, бермей жатыр",
        "үш сағаттан бері күтіп отырмын, қасымда бала бар",
        "сізге көп рақмет, жауабыңызды күтемін",
        "інім дүкенге кетіп, қайтып келмеді",
        "мені таңертеңнен бері полицияда ұстап отыр",
        "бір минут күте тұрыңыз, қазір жауап беремін",
        "заңгер қашан келеді және ол кім болады",
    ),
    "mixed": (
        "мен полицияда отырмын, здесь холодно и темно",
        "помогите пожалуйста, тілді жақсы білмеймін",
        "menі ustap otyr, pomogite pojaluysta bystro",
        "депортация жасаймыз дейді, а я подал ходатайство",
    ),
}
SHORT = ("да", "нет", "не знаю", "1", "2", "3", "жоқ", "иә", "полиция", "Алматы", "вчера", "кеше", "1, 3", "назад")


@cache
def phrasings(language: str) -> Sequence[str]:
    """The sentences of the kept lists of what people type; whoever hides or deletes does so on purpose here."""
    lines = (
        line.split("\t")
        for path in sorted(LISTS.glob(f"{language}-*.tsv"))
        for line in path.read_text().splitlines()
        if line and not line.startswith("#")
    )
    return [one[2] for one in lines if one[1] not in {"hide", "delete"} and len(one[2].split()) >= OF_A_SENTENCE]


@cache
def beginnings(*msgids: str) -> Sequence[str]:
    """How these texts begin in each language, up to the first place that is filled in."""
    return [WORDS.text(language, one).partition("%(")[0] for one in msgids for language in LANGUAGES]


def is_one_of(text: str, *msgids: str) -> bool:
    """Whether a card contains one of these texts, in any language."""
    return any(one in text for one in beginnings(*msgids))


def labels_of(*msgids: str) -> frozenset[str]:
    """Buttons in every language."""
    return frozenset(WORDS.text(language, one) for one in msgids for language in LANGUAGES)


@dataclass(slots=True)
class Sentence:
    """Something that somebody has said, and where on their screen: what was shown from there on answers it."""

    text: str
    in_case: bool  # the last card said that there is a case
    shown: int
    again: bool = False  # it was sent twice

    @property
    def is_marked(self) -> bool:
        """Nobody else has said it."""
        return ROOT in self.text


@dataclass(slots=True)
class Witness:
    """Every card that anybody is shown, also those that are changed a moment later."""

    world: World
    told: dict[int, Callable[[str], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("send", "edit"):
            self._watch(name, getattr(self.world, name))

    def _watch(self, name: str, does: Callable[[dict[str, Any]], Any]) -> None:
        def watched(parameters: dict[str, Any]) -> Any:
            done = does(parameters)
            tell = self.told.get(int(parameters["chat_id"]))
            if tell is not None:
                tell(str(done.get("text", "")))
            return done

        setattr(self.world, name, watched)


@dataclass(slots=True)
class Somebody:
    """Types, presses, corrects, sends twice, hides, comes back; remembers what they said and what they saw."""

    person: Person
    language: str
    dice: random.Random
    said: list[Sentence] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    has_case: bool = False
    hidden: bool = False
    last: tuple[Message, str] | None = None
    did: Counter[str] = field(default_factory=Counter)
    _used: set[str] = field(default_factory=set)
    _words: int = 0

    def sees(self, text: str) -> None:
        """A card has come or has changed."""
        self.shown.append(text)
        self.codes += [one for one in CODE.findall(text) if one not in self.codes]
        if not self.hidden and is_one_of(text, *OF_A_CASE):
            self.has_case = True

    # --- words ---

    def word(self) -> str:
        """One that nobody has said before."""
        self._words += 1
        letters = "".join(self.dice.choice("жшчфхбг") for _ in range(4))
        return f"{ROOT}{self.person.id}{letters}{self._words}"

    def sentence(self) -> str:
        """In the person's language mostly; each one once, or with a word that nobody has said before."""
        tongue = self.dice.choices((self.language, "mixed", "ru", "kk"), (6, 2, 1, 1))[0]
        pool = SENTENCES[tongue] if tongue == "mixed" or self.dice.random() < 0.4 else phrasings(tongue)
        text = self.dice.choice(pool)
        marked = self.dice.random() < 0.5 or text in self._used or not self._is_known()
        self._used.add(text)
        return f"{text} {self.word()}" if marked else text

    def _is_known(self) -> bool:
        """They have said in the case of now what nobody else says: by that it is found afterwards."""
        since = next((at for at, one in enumerate(reversed(self.said)) if not one.in_case), len(self.said))
        return self.has_case and any(one.is_marked for one in self.said[len(self.said) - since :])

    def keeps(self, text: str, *, again: bool = False) -> None:
        """It was just sent."""
        if len(text.split()) >= OF_A_SENTENCE or ROOT in text:
            self.said.append(Sentence(text, self.has_case and not self.hidden, len(self.shown), again))

    # --- what a person does ---

    async def types(self) -> None:
        """A sentence; now and then several at once, or one word that nothing reads."""
        for _ in range(self.dice.choice((1, 1, 1, 2, 3))):
            text = self.word() if self.dice.random() < 0.1 else self.sentence()
            self.keeps(text)
            self.last = self.person.say(text), text

    async def sends_twice(self) -> None:
        """The last one once more, at once: as another message, or the very same update."""
        if self.last is None:
            return
        if self.dice.random() < 0.5:
            text = self.last[1]
            self.keeps(text, again=True)
            self.last = self.person.say(text, again=True), text
            return
        text = self.sentence()
        self.keeps(text)
        self.last = self.person.say(text), text
        updates = self.person.world.updates
        updates.put(dict(updates._queue[-1].payload))

    async def sends_late(self) -> None:
        """One that was on its way for a while."""
        text, at = self.sentence(), int(self.person.world.clock.now()) - self.dice.choice((3, 30, 300))
        self.keeps(text)
        self.person.say(text, date=at)

    async def sends_other(self) -> None:
        """A photo or a voice with a caption, several in an album, a place, a contact, a sticker."""
        file = {"file_id": "f", "file_unique_id": "f"}
        what = self.dice.choice(("photo", "voice", "album", "place", "contact", "sticker"))
        match what:
            case "photo" | "voice":
                text = self.sentence()
                size = {"width": 9, "height": 9} if what == "photo" else {"duration": 3}
                content: dict[str, Any] = {what: [file | size] if what == "photo" else file | size, "caption": text}
                self.keeps(text)
                self.person.send(**content)
            case "album":
                group = str(self.dice.randrange(10**9))
                for _ in range(2):
                    text = self.sentence()
                    self.keeps(text)
                    photo = [file | {"width": 9, "height": 9}]
                    self.person.send(photo=photo, caption=text, media_group_id=group)
            case "place":
                north, east = round(self.dice.uniform(40, 55), 6), round(self.dice.uniform(47, 87), 6)
                self.keeps(f"GPS {north:.6f}, {east:.6f}")
                self.person.send(location={"latitude": north, "longitude": east})
            case "contact":
                number, name = f"+7700{self.dice.randrange(10**7):07}", self.word()
                self.keeps(f"{number}, {name}")
                self.person.send(contact={"phone_number": number, "first_name": name})
            case _:
                kind = {"is_animated": False, "is_video": False, "type": "regular", "width": 9, "height": 9}
                self.person.send(sticker=file | kind)

    async def corrects(self) -> None:
        """The last sentence, edited."""
        if self.last is not None:
            text = self.sentence()
            self.keeps(text)
            self.person.edit(self.last[0], text)

    async def presses(self) -> None:
        """Anything that stands on the newest card, but for what leads away."""
        away = labels_of(*NEVER_PRESSED)
        cards = [one for one in self.person.from_bot if one.markup]
        buttons = (
            [(one.data, cards[-1].id) for row in cards[-1].buttons for one in row if one.text not in away]
            if cards
            else []
        )
        if buttons:
            self.person.press_data(*self.dice.choice(buttons))

    async def answers(self) -> None:
        """A few letters, typed."""
        self.person.say(self.dice.choice(SHORT), again=True)

    async def shows(self) -> None:
        """What the lawyer wrote."""
        self._presses(texts.SHOW)

    async def sends(self) -> None:
        """The answers, where they can be sent."""
        self._presses(texts.SEND)

    def _presses(self, msgid: str) -> None:
        wanted = labels_of(msgid)
        for card in self.person.from_bot:
            for one in (one for row in card.buttons for one in row if one.text in wanted):
                self.person.press_data(one.data, card.id)
                return

    async def waits(self) -> None:
        """A little."""
        await asyncio.sleep(self.dice.uniform(0.2, 1.5))

    async def goes_away(self) -> None:
        """Hides the chat, types something that nobody hears, and comes back by the code, or begins anew."""
        if self.hidden:
            return
        await self._settles()
        self.hidden, self.has_case, stood = True, False, len(self.shown)
        self.person.say("/clear")
        await self._within(10, lambda: any(is_one_of(one, *HIDES) for one in self.shown[stood:]))
        await self._settles()
        if self.dice.random() < 0.5:
            text = f"кто здесь был {self.word()}"
            self.keeps(text)
            self.person.say(text)
            await self._settles()
        if self.codes and self.dice.random() < 0.8:
            stood = len(self.shown)
            self.hidden = False  # from here on what the card says counts
            self.person.say(self.codes[-1])
            await self._within(10, lambda: len(self.shown) > stood)
        else:
            await self.begins()

    async def begins(self) -> None:
        """To the first question: language and consent, pressed or typed, once more where nothing comes."""
        self.hidden = self.has_case = False
        urgent = self.dice.random() < 0.8
        ways = labels_of(texts.URGENT if urgent else texts.CONTINUE)
        name = NAMES[self.language]
        if urgent and self.dice.random() < 0.5:  # one word does for all of it
            self.person.say("срочно" if self.language == "ru" else "шұғыл")
            self.person.say("1")
            return
        for _ in range(8):
            labels = [label for one in self.person.from_bot for label in one.labels]
            stood = len(self.shown)
            if any(label in ways for label in labels):
                self.person.press(next(label for label in labels if label in ways))
                if await self._within(6, lambda stood=stood: len(self.shown) > stood):
                    if urgent:
                        self.person.say("1")  # held: from here on there is a case
                    return
            elif any(name in label for label in labels):
                self.person.press(name)
            elif any(label in labels_of(texts.HIDE_CHAT) for label in labels):
                return  # questions are open
            else:
                self.person.say("/start")
            await self._within(4, lambda stood=stood: len(self.shown) > stood)

    # --- waiting ---

    async def _settles(self) -> None:
        """What was typed is heard: it goes from the chat."""
        await self._within(10, lambda: all(one.from_bot for one in self.person.chat))

    async def _within(self, seconds: float, is_so: Callable[[], bool]) -> bool:
        until = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > until:
                return False
            await asyncio.sleep(0.05)
        return True

    async def lives(self, acts: int, pause: float, seconds: float) -> None:
        """So many things, one after the other, but for a time; after every tenth it is waited until all is heard."""
        await asyncio.sleep(self.dice.uniform(0, 4 * pause))
        text = f"здравствуйте, есть тут кто {self.word()}"
        self.keeps(text)
        self.person.say(text)
        await self.begins()
        until = time.monotonic() + seconds
        does: dict[Callable[[], Awaitable[None]], int] = {
            self.types: 8,
            self.presses: 9,
            self.answers: 4,
            self.sends_twice: 2,
            self.sends_late: 2,
            self.sends_other: 3,
            self.corrects: 3,
            self.shows: 3,
            self.sends: 1,
            self.waits: 1,
            self.goes_away: 1,
        }
        for _ in range(acts):
            if time.monotonic() > until:
                return
            (act,) = self.dice.choices(list(does), list(does.values()))
            self.did[act.__name__] += 1
            await act()
            if self.dice.random() < 0.1:
                await self._settles()
            await asyncio.sleep(self.dice.uniform(0, 2 * pause))


async def is_lawyer(person: Person, dice: random.Random) -> None:
    """Takes what it sees and writes ready phrases, until it is cancelled."""
    write, phrases = labels_of(to_member.WRITE), labels_of(to_member.PHRASE_LAWYER, to_member.PHRASE_SIGN)
    while True:
        await asyncio.sleep(dice.uniform(0.2, 1.0))
        codes, wanted = sorted(codes_in(person)), dice.choice((write, phrases))
        buttons = [
            (one.data, card.id) for card in person.from_bot for row in card.buttons for one in row if one.text in wanted
        ]
        if buttons and dice.random() < 0.7:
            person.press_data(*dice.choice(buttons))
        elif codes:
            person.say(f"/take {dice.choice(codes)}", again=True)


async def dies(instance: Instance, kills: int, apart: float, dice: random.Random, rest: list[bytes]) -> None:
    """Killed and begun again, so many times; what lies on the disk each time is looked through."""
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(0.5, 1.5) * apart)
        await instance.stop(signal.SIGKILL)
        rest += in_clear(instance)
        await instance.start()


def in_clear(instance: Instance) -> list[bytes]:
    """Spellings of what people typed that can be read on the disk."""
    lies = at_rest(instance)
    return [one for one in spellings(ROOT) if one in lies]


# --- what is found in the cases ---


@dataclass(slots=True)
class Found:
    """The opened cases: their lines, by code."""

    lines: dict[str, Counter[str]]

    def of(self, one: Somebody) -> Counter[str]:
        """All that stands in the cases of somebody: those whose code they saw, and those in which they speak."""
        mine = f"{ROOT}{one.person.id}"
        cases = [
            lines for code, lines in self.lines.items() if code in one.codes or any(mine in line for line in lines)
        ]
        return sum(cases, Counter())


def opened(instance: Instance, folder: Path) -> Found:
    """Every case, with the keys of the lawyers; one that was never put before any opens with the recovery key."""
    instance.pana("export", "all.zip")
    keys = [
        key
        for name in ("Aigul", "Boris", "recovery1")
        for key in read_identity_file((folder / f"{name}.txt").read_bytes(), str).identities
    ]
    cases = read_bundle(folder / "all.zip", keys, None)
    assert [one.problems for one in cases] == [[] for _ in cases]
    return Found({one.code: Counter(lines_of(OpenedCase(one).as_json())) for one in cases})


def lines_of(case: dict[str, Any]) -> Iterator[str]:
    """Everything that the person said in words, line by line: captions of an album share an answer."""
    said = [one["text"] for one in (*case["answers"], *case["earlier"])]
    said += [one["text"] for one in case["messages"] if one["from"] == "seeker"]
    for text in said:
        yield from str(text).splitlines()


@dataclass(slots=True)
class Figures:
    """What a run has shown."""

    people: int
    cases: int = 0
    messages: int = 0
    checked: int = 0
    unread: int = 0
    twice: int = 0
    lost: list[tuple[int, str, list[str]]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        seconds = time.monotonic() - self.began
        return (
            f"{self.people} people, {self.messages} messages, {self.cases} cases, {self.checked} sentences checked,"
            f" {self.unread} said to be unread, {len(self.lost)} lost, {self.twice} twice, {seconds:.0f} s"
        )

    def look_at(self, one: Somebody, found: Found) -> None:
        """Every sentence of somebody: it is in their case word for word, or the card said that it is not kept."""
        lines, given = found.of(one), Counter(each.text for each in one.said)
        for at, each in enumerate(one.said):
            text = tidy(each.text)
            later = one.said[at + 2 : at + 3]
            cards = one.shown[each.shown : later[0].shown + 1 if later else None]
            unread = any(is_one_of(card, *UNREAD) for card in cards)
            is_there = lines[text] > 0
            self.unread += not is_there and unread
            self.twice += lines[text] > 1 and given[each.text] == 1
            if not each.in_case:
                continue
            self.checked += 1
            a_date = len(text.split()) <= OF_A_DATE and any(is_one_of(card, texts.DATE_READ) for card in cards)
            if not is_there and not unread and not a_date:
                self.lost.append((one.person.id, text, cards[:4]))


async def crowd(
    telegram: BotApiServer, instance: Instance, *, people: int, acts: int, pause: float, kills: int, seconds: float
) -> Figures:
    """So many people, each doing so many things, while lawyers work, calls fail and the bot is killed."""
    figures, dice, rest = Figures(people), random.Random(people), list[bytes]()
    lawyers = [telegram.person(number) for number in (201, 202)]
    telegram.person(301)
    witness = Witness(telegram.world)
    everybody = [
        Somebody(telegram.person(40_000 + number), dice.choice(("ru", "kk")), random.Random(dice.random()))
        for number in range(people)
    ]
    for one in everybody:
        witness.told[one.person.id] = one.sees
    await instance.start()
    telegram.faults += [
        Fault(method, kind, value, times=10**9, probability=ONE_IN_TEN) for method in METHODS for kind, value in KINDS
    ]
    async with asyncio.TaskGroup() as group:
        work = [group.create_task(is_lawyer(one, random.Random(one.id))) for one in lawyers]
        work.append(group.create_task(dies(instance, kills, seconds / (kills + 1), dice, rest)))
        async with asyncio.TaskGroup() as lives:
            for one in everybody:
                lives.create_task(one.lives(acts, pause, seconds))
        await work.pop()
        for task in work:
            task.cancel()
    telegram.faults.clear()

    def unheard() -> list[str]:
        # Of a stranger no row remembers what is to be removed, when the bot is killed at that moment.
        kept = {each.text for one in everybody for each in one.said if each.in_case}
        left = [each.text for one in everybody for each in one.person.chat if not each.from_bot and each.text in kept]
        return [*left, *(["unconfirmed"] if telegram.world.updates.unconfirmed else [])]

    until = time.monotonic() + PATIENCE
    while unheard() and time.monotonic() < until:
        await asyncio.sleep(0.1)
    assert unheard() == []
    rest += in_clear(instance)
    await instance.stop(signal.SIGKILL)
    rest += in_clear(instance)
    found = await asyncio.to_thread(opened, instance, instance.folder)
    figures.cases, figures.messages = len(found.lines), sum(len(one.said) for one in everybody)
    for one in everybody:
        figures.look_at(one, found)
    print(f"\n{figures}; {dict(sum((one.did for one in everybody), Counter()))}")
    for each in figures.lost:
        print("  lost:", each)
    assert rest == []
    for lines in found.lines.values():  # nobody's words are in somebody else's case
        assert len({word[len(ROOT) :][:5] for line in lines for word in line.split() if word.startswith(ROOT)}) <= 1
    return figures


async def test_twelve_people_lose_no_sentence(telegram: BotApiServer, instance: Instance) -> None:
    """One call in ten fails, and the bot is killed once on the way and once at the end."""
    figures = await crowd(telegram, instance, people=12, acts=14, pause=0.15, kills=1, seconds=12)
    assert figures.lost == []
    assert figures.checked > 5


@pytest.mark.long
async def test_a_hundred_people_lose_no_sentence(telegram: BotApiServer, instance: Instance) -> None:
    """The same with a hundred and three kills; the figures are printed."""
    figures = await crowd(telegram, instance, people=100, acts=10, pause=1.0, kills=3, seconds=40)
    assert figures.lost == []
    assert figures.checked > 200
