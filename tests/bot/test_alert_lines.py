"""The alert that a lawyer reads: whatever was answered, in every language, it is short, true, and question and answer.

Answers are those of ways through the questionnaire, looked at after every step; what bounds an alert's length is tried
part by part over everything that each of its lines can say.
"""

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import msgspec
import pytest

from bot.member.alert_lines import MOST, AlertText, Line, Weight, room_beside
from bot.seeker.card_sizes import drawing
from bot.speech import deadlines
from bot.speech.reader import Reader
from bot.speech.texts import deadlines as deadline_texts
from bot.speech.texts import member as texts
from bot.speech.words import Words
from flows.clocks import Deadline, to_act_on
from flows.conditions import chosen_in
from flows.facts import Facts, facts_of
from flows.model import (
    GO_ON,
    UNKNOWN,
    Answer,
    Chosen,
    ClockId,
    Dated,
    Flow,
    Intake,
    Kind,
    Level,
    Question,
    QuestionId,
    Reason,
    Written,
)
from flows.model import Skipped as NoAnswer
from flows.triage import judge
from tests.compiled import questionnaire
from tests.places import HERE, KAZAKHSTAN
from tests.whole import WHOLE

LANGUAGES = ("ru", "kk", "en")
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NOW = datetime(2026, 3, 14, 3, tzinfo=HERE)
DAYS = (-400, -95, -40, -31, -16, -12, -10, -8, -4, -3, -1, 0, 1, 2, 5, 20, 300)
WALKS = 1500 if WHOLE else 200
CODE = "MMMM-WWWW"
BEGAN = NOW.date() - timedelta(days=30)


def flow() -> Flow:
    """The questionnaire with its texts."""
    return questionnaire()


@cache
def reader(language: str) -> Reader:
    """A lawyer who reads this language."""
    return drawing(flow(), KAZAKHSTAN, Words.load()).speech.to(0, language)


def some_answer(question: Question, dice: random.Random) -> Answer:
    """Any answer that the question takes."""
    if question.skippable and dice.random() < 0.15:
        return NoAnswer()
    match question.kind:
        case Kind.text:
            return Written(1)
        case Kind.date:
            return some_day(question, dice)
        case Kind.single if question.option(GO_ON):
            return Chosen((GO_ON if dice.random() < 0.9 else question.options[0].id,))
        case Kind.single:
            return Chosen((dice.choice(question.options).id,))
        case Kind.multiple:
            alone = [one.id for one in question.options if one.exclusive]
            several = [one.id for one in question.options if not one.exclusive]
            if alone and dice.random() < 0.2:
                return Chosen((dice.choice(alone),))
            chosen = set(dice.sample(several, dice.choice((1, 1, 2, 3, len(several)))))
            return Chosen(tuple(one for one in several if one in chosen))


def some_day(question: Question, dice: random.Random) -> Dated:
    """A day around today, now and then with its hour, or one of several."""
    first = NOW.date() + timedelta(days=dice.choice([one for one in DAYS if one <= 0 or not question.past]))
    if question.hours and dice.random() < 0.5:
        hour = dice.choice((0, 2)) if first == NOW.date() else dice.randrange(24)
        return Dated(first, first, "exact", (hour, hour + 1))
    last = min(first + timedelta(days=dice.choice((0, 0, 0, 3))), NOW.date() if question.past else date.max)
    return Dated(first, max(first, last), "exact")


@dataclass(frozen=True)
class Read:
    """An alert as it is read, and what it is of."""

    language: str
    answers: Mapping[QuestionId, Answer]
    facts: Facts
    lines: list[str]

    @property
    def text(self) -> str:
        """The whole of it."""
        return "\n".join(self.lines)

    def says(self, text: str, **values: object) -> str:
        """A text of the catalogs."""
        return reader(self.language).text(text, **values)


def facts_after(answers: Mapping[QuestionId, Answer]) -> Facts:
    """What may be said once this was answered."""
    verdict = judge(flow(), answers, KAZAKHSTAN.today(NOW))
    intake = Intake(flow="", language="kk", answers=answers, asked=None, level=verdict.level, reasons=verdict.reasons)
    return facts_of(flow(), intake, NOW, place=KAZAKHSTAN, asked_urgent=False, at_least=Level.normal)


def alert(facts: Facts, language: str, most: int | None = None, now: datetime = NOW) -> list[str]:
    """Its lines, the title among them."""
    title = reader(language).text(texts.ALERT_CRITICAL, code=CODE)
    said = AlertText(flow=flow(), facts=facts, reader=reader(language), now=now)
    first, *lines = said.lines(room_beside(title) if most is None else most)
    return [f"{title}. {first}", *lines]


def walked() -> Iterator[Mapping[QuestionId, Answer]]:
    """What was answered after every step of many ways that nobody chose; in the suite of those that meet something new.

    That is an option, or a question without one, which no way before has met.
    """
    met = set[tuple[QuestionId, str]]()
    for number in range(WALKS):
        dice, answers = random.Random(number), dict[QuestionId, Answer]()
        steps = list[Mapping[QuestionId, Answer]]()
        for question in flow().questions:
            if question.show_if.holds(answers):
                answers[question.id] = some_answer(question, dice)
                steps.append(dict(answers))
        here = {(one, option) for one, given in answers.items() for option in getattr(given, "options", ("",))}
        if WHOLE or not here <= met:
            yield from steps
        met |= here


@cache
def read() -> tuple[Read, ...]:
    """Every alert of these ways, each in one of the languages in turn."""
    turns = itertools.cycle(LANGUAGES)
    found = []
    for answers in walked():
        language, facts = next(turns), facts_after(answers)
        found.append(Read(language, answers, facts, alert(facts, language)))
    return tuple(found)


def test_the_ways_meet_every_option_that_an_alert_can_say() -> None:
    """So that what follows is said of all of them."""
    lines = flow().alert
    said = {*lines.where, *lines.threat, *lines.help, lines.writes, lines.papers}
    options = {(one.id, option.id) for one in flow().questions if one.id in said for option in one.options}
    options |= {
        (one.question, option) for rule in flow().rules for one in chosen_in(rule.when) for option in one.options
    }
    met = {(question, option) for one in read() for question, given in one.answers.items()
           for option in getattr(given, "options", ())}  # fmt: skip
    assert options - met == set()
    longest = max(read(), key=lambda one: len(one.text))
    print(f"\n{len(read())} alerts, at most {len(longest.text)} characters:\n{longest.text}")


def test_no_alert_has_more_than_700_characters_or_eight_lines() -> None:
    """Lines as they are written; how the phone breaks them is measured elsewhere."""
    assert [one.text for one in read() if len(one.text) > MOST or len(one.lines) > 8] == []


def test_not_knowing_always_stands_behind_its_question() -> None:
    """Never "I don't know, I don't know"."""
    for one in read():
        unknown = one.says(texts.DOES_NOT_KNOW)
        assert one.text.count(unknown) == one.text.count(f": {unknown}"), one.text
        for label in {option.label[one.language] for asked in flow().questions for option in asked.options
                      if option.id == UNKNOWN}:  # fmt: skip
            assert label not in one.text, one.text


def test_nothing_is_said_of_what_was_not_asked() -> None:
    """The name of a question stands in an alert only once it was put; but for those that every alert has."""
    for one in read():
        for question, name in flow().alert.names.items():
            if question not in one.answers:
                assert f". {name[one.language]}: " not in f". {one.text}".replace("\n", ". "), one.text


def test_every_answer_stands_behind_its_question() -> None:
    """Of each line that names one: never a bare label."""
    for one in read():
        for told in one.facts.told:
            name = flow().alert.names.get(told.question, {}).get(one.language)
            for option in told.options if name and told.question != flow().alert.papers else ():
                label = flow().question(told.question).option(option).label[one.language]  # type: ignore[union-attr]
                if label in one.text and is_told_apart(label, one.language):
                    assert f"{name}: " in one.text, (label, one.text)


@cache
def is_told_apart(label: str, language: str) -> bool:
    """No other text of the questionnaire has it in it."""
    options = [option.label[language] for question in flow().questions for option in question.options]
    others = [
        *(name[language] for name in flow().alert.names.values()),
        *(rule.reason[language] for rule in flow().rules),
        *(clock.event[language] for clock in flow().clocks),
        reader(language).text(texts.ALERT_WRITING_SAFE),
    ]
    return sum(label in one for one in (*options, *others)) == 1


def test_what_a_lawyer_must_know_is_never_left_out() -> None:
    """Language, where, region, whether writing is safe, the main deadline; a threat by its proper name."""
    for one in read():
        said = AlertText(flow=flow(), facts=one.facts, reader=reader(one.language), now=NOW)
        pieces = list(said.pieces())
        missing = [piece.text for piece in pieces if piece.weight is Weight.always and piece.text not in one.text]
        assert missing == [], one.text
        lines = {piece.line for piece in pieces}
        assert {Line.writes, Line.where, Line.reach} <= lines
        assert (Line.main in lines) == bool(to_act_on(flow(), one.facts.deadlines))


def test_of_two_deadlines_the_nearest_is_never_over_and_the_main_one_says_so_if_it_is() -> None:
    """On every way."""
    for one in read():
        main, nearest = deadlines.to_name(flow(), one.facts.deadlines, NOW)
        assert nearest is None or not nearest.is_over(NOW)
        if main is not None:
            when = deadlines.when(Words.load(), one.language, main, NOW)
            over = any(word in when for word in ("истёк", "өтті", "өткен", "passed"))
            assert over == main.is_over(NOW)
            assert any(word in when for word in ("возможно", "болуы мүмкін", "may ")) == (
                over and main.may_run(NOW.date())
            )
            assert f": {when}. " in one.text


def test_every_reason_can_be_read_with_the_answer_that_made_it_hold() -> None:
    """Or it is counted among what more there is in the case; a family of reasons is one."""
    families = [set(family) for family in flow().alert.families]
    for one in read():
        if one.says(texts.REASONS_MORE, num="@").split("@")[0] in one.text:
            continue
        rules = {reason.rule for reason in one.facts.reasons}
        alone = [
            each
            for each in one.facts.reasons
            if not any(each.rule in some and some & rules != {each.rule} for some in families)
        ]
        pairs = {pair for reason in alone for pair in reason.because if pair[0] != flow().alert.writes}
        for question, option in pairs:
            label = next(each.label[one.language] for each in flow().question(question).options if each.id == option)
            assert label in one.text or option == UNKNOWN, (label, one.text)


# --- deadlines ---


@EACH_LANGUAGE
def test_a_day_that_has_passed_is_never_said_as_if_it_were_ahead(language: str) -> None:
    """A hundred days to either side; a day ahead names how many are left."""
    words, own = Words.load(), set[str]()
    for left in range(-100, 101):
        said = deadlines.when(words, language, Deadline(ClockId("K18"), None, NOW.date() + timedelta(days=left)), NOW)
        forms = deadline_texts.AHEAD if left > 0 else deadline_texts.PASSED
        day = words.plural(language, forms, abs(left), date="@").split("@") if left else words.text(
            language, deadline_texts.TODAY, date="@"
        ).split("@")  # fmt: skip
        assert said.startswith(day[0])
        assert said.endswith(day[-1])
        own.add(said)
    assert len(own) == 201
    assert deadlines.when(words, language, Deadline(ClockId("K12a"), None, None), NOW) == words.text(
        language, deadline_texts.AT_ONCE
    )


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (datetime(2026, 3, 14, 2, 59), "истёк сегодня в 02:59"),  # noqa: DTZ001
        (datetime(2026, 3, 14, 3, 0), "сегодня, до 03:00"),  # noqa: DTZ001
        (datetime(2026, 3, 14, 22, 0), "сегодня, до 22:00"),  # noqa: DTZ001
        (datetime(2026, 3, 15, 1, 0), "до 15 марта, 01:00"),  # noqa: DTZ001
        (datetime(2026, 3, 13, 22, 0), "истёк 1 день назад (13 марта)"),  # noqa: DTZ001
    ],
)
def test_a_term_in_hours_has_passed_when_its_hour_has(ends: datetime, said: str) -> None:
    """To the minute, in the time of the place."""
    assert deadlines.when(Words.load(), "ru", Deadline(ClockId("K14b"), None, ends.date(), ends), NOW) == said


def running(**ends: int | None) -> Facts:
    """Deadlines that end so many days from today."""
    found = (
        Deadline(ClockId(clock), BEGAN, None if days is None else NOW.date() + timedelta(days=days))
        for clock, days in ends.items()
    )
    return Facts(level=Level.critical, language="ru", running=tuple(found))


def named(facts: Facts) -> tuple[str | None, str | None]:
    """The main deadline and the nearest."""
    main, nearest = deadlines.to_name(flow(), facts.deadlines, NOW)
    return main.clock if main else None, nearest.clock if nearest else None


def test_an_alert_names_the_gravest_deadline_and_the_nearest_each_by_what_it_is() -> None:
    """A complaint to 22 March, departure by 20 March; where they are the same it stands once."""
    one = running(K11=8, K12=6)
    assert named(one) == ("K11", "K12")
    main, nearest = alert(one, "ru")[2:4]
    assert main.startswith("Главный срок: до 22 марта, через 8 дней. ")
    assert nearest.startswith("Ближайший срок: до 20 марта, через 6 дней. ")
    assert named(running(K11=5, K12=6)) == ("K11", None)
    assert "Главный и ближайший срок: до 19 марта, через 5 дней" in "\n".join(alert(running(K11=5), "ru"))


def test_a_deadline_that_was_missed_says_since_when_and_what_is_left_to_do() -> None:
    """Then the nearest of those ahead stands beside it."""
    text = "\n".join(alert(running(K18=-10, K15=20), "ru"))
    assert "Главный срок: истёк 10 дней назад (4 марта). " in text
    assert "Просить восстановить; уведомлён ли защитник?" in text
    assert "Ближайший срок: до 3 апреля, через 20 дней. " in text
    assert "восстановить" not in "\n".join(alert(running(K12=-10), "ru"))  # a day of departure is no complaint


def test_a_missed_complaint_is_named_beside_a_nearer_one_that_is_as_grave() -> None:
    """The decision to extradite was handed over three weeks ago, the arrest announced two days ago."""
    assert named(running(K18=-10, K16=1)) == ("K18", "K16")
    assert named(running(K18=-60, K16=1)) == ("K16", None)  # it raises no level any more


def test_what_a_lawyer_can_file_is_the_main_deadline_before_a_term_of_the_state() -> None:
    """Both raise the level today; the state's term is the nearest all the same."""
    assert named(running(K14b=0, K11=8)) == ("K11", "K14b")
    assert named(running(K12a=None, K14b=0)) == ("K12a", None)


def test_a_deadline_that_raises_no_level_today_is_not_the_main_one_before_a_nearer() -> None:
    """Ninety days of a stay, and the one day to ask for asylum."""
    assert named(running(K21=89, K03=0)) == ("K03", None)
    assert named(running(K20=1, K21=89)) == ("K21", None)
    assert named(running(K20=1)) == (None, None)  # the host's, and it raises nothing


def test_one_that_passed_long_ago_is_named_where_there_is_no_other() -> None:
    """It raises no level any more, and may be restored all the same."""
    assert named(running(K11=-40, K13=-60)) == ("K11", None)


def test_an_alert_that_is_read_later_counts_from_that_day() -> None:
    """The same facts, eleven days on."""
    facts = running(K11=8)
    assert "через 8 дней" in "\n".join(alert(facts, "ru"))
    assert "истёк 3 дня назад (22 марта)" in "\n".join(alert(facts, "ru", now=NOW + timedelta(days=11)))


def test_facts_of_an_earlier_version_are_read_as_far_as_they_go() -> None:
    """One deadline, reasons with their answers, and no lines of answers."""
    old = msgspec.json.decode(
        b'{"level":"critical","reasons":[["C3",[["q02","held"]]]],"language":"ru","soonest":["K18","2026-03-20"]}',
        type=Facts,
    )
    text = "\n".join(alert(old, "ru"))
    assert "Где: Удерживают" in text
    assert "Главный и ближайший срок: до 20 марта" in text


# --- how long it can become ---


@EACH_LANGUAGE
def test_what_is_never_left_out_leaves_room_for_what_stands_beside_it_when_a_case_is_taken(language: str) -> None:
    """The longest of every line at once, whatever leads there: nothing of it is cut, within 700 characters."""
    asked, r = flow(), reader(language)

    def longest(line: Line, *some: Facts, unreached: bool = False) -> int:
        said = (AlertText(flow=asked, facts=one, reader=r, now=NOW, unreached=unreached) for one in some)
        return max(
            len(
                ". ".join(piece.text for piece in each.pieces() if piece.line is line and piece.weight is Weight.always)
            )
            for each in said
        )

    def after(**chosen: str) -> Facts:
        return facts_after({QuestionId(question): Chosen((option,)) for question, option in chosen.items()})  # type: ignore[misc]

    def options(question: str) -> list[str]:
        return [one.id for one in asked.question(question).options]

    where = [after(q02=one) for one in options("q02")]
    where += [after(q02="held", q02_by=one) for one in options("q02_by")]
    where += [after(q02="free", q02_free=one) for one in options("q02_free")]
    region = max(len(one.label[language]) for one in asked.question(str(asked.region)).options)
    threat = [after(q03=one, q10=paper) for one in options("q03") for paper in options("q10")]
    ends = (None, -3000, -1, 0, 1, 300)
    main = [running(**{clock.id: days}) for clock in asked.clocks for days in ends]  # type: ignore[arg-type]
    reach = [
        msgspec.structs.replace(after(), contact=one, quiet=quiet) for one in options("q05") for quiet in (True, False)
    ]
    total = (
        longest(Line.writes, *(after(q01=one) for one in options("q01")))
        + longest(Line.where, *where) + region - len(r.text(texts.NOT_KNOWN))
        + longest(Line.threat, *threat)
        + longest(Line.main, *main)
        + max(longest(Line.reach, *reach), longest(Line.reach, *reach, unreached=True))
        + 5
    )  # fmt: skip
    frame = (
        r.text(texts.YOU_TOOK, code=CODE),
        r.text(texts.LEASE, time="26.11, 23:45"),
        r.text(texts.SAY_FIRST, words="светлый, молоко"),
        r.text(texts.REASONS_MORE, num=20),
    )
    print(f"\n{language}: {total} characters that are always there, room for {room_beside(*frame)}")
    assert total <= room_beside(*frame)


@EACH_LANGUAGE
def test_beside_what_is_new_an_alert_is_cut_to_its_room(language: str) -> None:
    """However little there is: the longest line ends in dots, none is lost that is never left out."""
    facts = max((one.facts for one in read()), key=lambda facts: len(facts.reasons) + len(facts.told))
    for most in (400, 300, 240):
        lines = AlertText(flow=flow(), facts=facts, reader=reader(language), now=NOW).lines(most)
        assert len("\n".join(lines)) <= most
        assert len(lines) >= 4


def test_what_is_new_is_said_once() -> None:
    """Not among what was known as well."""
    facts = facts_after({QuestionId("q02"): Chosen((held := flow().questions[1].options[0].id,))})
    new = facts.only((Reason(facts.reasons[0].rule, ((QuestionId("q02"), held),)),))
    said = AlertText(flow=flow(), facts=facts, reader=reader("ru"), now=NOW, but=frozenset({(QuestionId("q02"), held)}))
    assert said.new(new) == ["Где: Удерживают, не отпускают"]
    assert "Удерживают" not in "\n".join(said.lines())
