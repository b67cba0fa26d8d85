"""Eleven people, each from their first tap to the end: what they must see at each step, and what it costs them.

`make stories` prints the costs: taps (presses and texts), characters of every card that a step drew anew, apart from
those of its buttons, and how often each phone rang. Beside each story stands what it may cost.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.speech.incoming import What
from bot.speech.texts import both, coordinator, joining, seeker
from bot.speech.texts import member as member_texts
from flows.model import Level
from storage.case import Case, Claimed, Closed, Erased, Parted, Waiting
from storage.sealing import age
from storage.sealing.identity_file import fingerprint
from tests.bot.test_members import run
from tests.cases import handoff
from tests.talks.talks import Talks, talks
from tests.talks.test_own_words import opened, words_in
from tests.talks.walking import AIGUL, BEGINS, BORIS, CLARA, DINA, LAWYERS, Most, Table, Walker, sends_the_rest

__all__ = ["talks"]  # a fixture
PERSON = 900
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ru", "kk"])
BORIS_READS = "ru"


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    """Printed when all stories are told."""
    table = Table()
    yield table
    print(f"\n\n{table}")


def lawyer(talks: Talks, *texts: str, chat: int = BORIS, language: str = BORIS_READS) -> None:
    """A lawyer presses one button after another."""
    for text in texts:
        talks.press(chat, talks.pana.words.text(language, text))


def takes(talks: Talks, walker: Walker, chat: int = BORIS) -> Claimed:
    """A lawyer takes the newest case, and the person's card says so."""
    with walker.meanwhile():
        talks.say(chat, f"/take {talks.case().code}")
    case = talks.case()
    assert isinstance(case, Claimed)
    return case


def writes(talks: Talks, walker: Walker) -> None:
    """Boris, who has it, sends a ready phrase."""
    with walker.meanwhile():
        lawyer(talks, member_texts.WRITE, member_texts.PHRASE_LAWYER)


def is_held(case: Case) -> None:
    """A critical case of somebody in custody."""
    assert case.level is Level.critical
    assert "C3" in [reason.rule for reason in handoff(case).facts.reasons]


DAYS_AGO = {"ru": "20 дней назад", "kk": "20 күн бұрын"}
CALM_WAY = {"q01": "self", "q02": "free", "q02_free": "safe", "q03": "no", "q04": "none"}


def to_the_calm_offer(person: Walker) -> None:
    """Somebody at liberty, from the place to the offer to stop: no paper, here for weeks, nothing to fear."""
    person.chooses("q07", "almaty")
    person.chooses("q10", "nothing")
    person.presses(seeker.DONE)
    person.chooses("q15", "none")
    person.says(DAYS_AGO[person.language])
    person.answers(q19="checkpoint_foreign", q23="none", q27="no")
    person.sees_question("more")


def never_the_languages(person: Walker) -> None:
    """Who has a language is not asked for one again."""
    assert "Choose a language" not in person.seen


def to_the_offer(person: Walker, place: str) -> None:
    """Somebody who is held, from how to reach them to the offer to stop: no paper, since yesterday."""
    person.presses(seeker.SKIP)
    person.chooses("q07", "west")
    person.sees_question("q08")
    person.says(place)
    person.sees(seeker.SAVED)
    person.chooses("q10", "nothing")
    person.presses(seeker.DONE)
    person.sees_question("q09")
    person.presses(seeker.YESTERDAY_DAY)
    person.chooses("q09_why", "unsaid")
    person.chooses("q40", "no")
    person.sees_question("more_held")


# --- the main path, straight on ---

MAIN = {
    "held": Most(taps=20, read=3700, to_alert=(4, 900), to_offer=3000, rings={"Aigul": 1, "Boris": 1}),
    "free": Most(taps=20, read=3800, to_offer=3000),
}


@EACH_LANGUAGE
@pytest.mark.parametrize("where", MAIN)
def test_the_main_path_is_short_enough_to_be_read(talks: Talks, table: Table, language: str, where: str) -> None:
    """Up to the offer to stop, every question answered; then the summary, and it is sent."""
    person = Walker(talks, PERSON, language)
    if where == "held":
        person.begins()
        person.answers(q02="held", q01="self", q02_by="police", q03="no", q04="none")
        to_the_offer(person, "здание на окраине")
        person.chooses("more_held", "stop")
    else:
        person.begins(seeker.CONTINUE)
        person.answers(**CALM_WAY)
        person.presses(seeker.SKIP)
        to_the_calm_offer(person)
        person.chooses("more", "stop")
    person.sees(seeker.SUMMARY)
    person.presses(seeker.SEND)
    person.sees(seeker.SENT)
    assert isinstance(talks.case(), Waiting)
    table.add(f"main path, {where}", person, MAIN[where])


# --- (a) held, on a bad line ---

HELD = Most(taps=22, read=4900, to_alert=(4, 900), rings={"Aigul": 2, "Boris": 7})


@EACH_LANGUAGE
def test_a_somebody_held_on_a_bad_line_has_a_lawyer_after_four_taps(talks: Talks, table: Table, language: str) -> None:
    """Lost presses and texts sent twice harm nothing; the phone never rings; who looks at it later reads nothing."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.sees_question("q02")
    held = next((data, message) for label, data, message in talks.data(PERSON) if label.startswith("1. "))
    person.chooses("q02", "held")
    case = talks.case()
    assert isinstance(case, Waiting)
    is_held(case)
    assert (talks.rung(AIGUL), talks.rung(BORIS)) == (1, 1)
    person.sees(seeker.CALLING, code=case.code)
    person.sees_question("q01")
    person.pushes(*held)  # nothing had seemed to happen
    person.sees_question("q01")
    assert len(talks.cases()) == 1
    person.says("1")
    person.says("1", again=True)
    person.sees(seeker.CAME_TWICE)
    person.sees_question("q02_by")
    person.waits(minutes=2)  # without a network
    person.sees(seeker.CALLING, code=case.code)
    takes(talks, person)
    person.sees(seeker.TAKEN_CARD)
    person.answers(q02_by="border", q03="unknown", q04="none")
    to_the_offer(person, "застава Маштаково")
    writes(talks, person)
    person.sees_question("more_held")
    phrase = person.words(member_texts.PHRASE_LAWYER)
    assert phrase not in person.seen
    person.presses(seeker.SHOW)
    assert phrase in person.seen
    person.waits(minutes=20)
    assert phrase not in person.seen
    assert case.code not in person.seen
    person.chooses("more_held", "stop")
    person.sees(seeker.SUMMARY)
    person.sees(seeker.ANSWERED_MARK)
    assert "Маштаково" not in person.seen
    person.presses(seeker.SEND)
    assert case.code in person.seen
    assert person.rung == 0
    table.add("a held, bad line", person, HELD)


# --- (b) tells everything, in Kazakh, then in Russian ---

TELLS = Most(taps=75, read=18500, to_alert=(16, 2500), to_offer=8000, rings={"Aigul": 2, "Boris": 12, "person": 2})
OPENING = ("Сәлеметсіз бе", "мен Оралда тұрамын", "мені іздеп келді", "екі адам болды", "не істерімді білмеймін")
PLACE, NUMBER, CAPTION = "GPS 51.23, 51.37", "+7 700 000 00 00", "қаулының суреті"
TOLD = ("олар кеше де келген", "көрші айтты", "у меня ещё есть повестка", "дочери пять лет")


def test_b_whoever_tells_everything_loses_no_sentence_and_changes_the_language(
    talks: Talks, table: Table, tmp_path: Path
) -> None:
    """Free and in danger: a place, a number, a caption, a voice message, sentences everywhere; to the end."""
    person = Walker(talks, PERSON, "kk")
    person.says(OPENING[0])
    person.sees(seeker.CONSENT)
    person.says(*OPENING[1:])
    person.sees_question("q02")  # somebody came for them: urgent
    person.sees(seeker.NO_OPTION)  # there is no case yet, and that is said
    assert talks.cases() == []
    person.answers(q02="free", q01="self", q02_free="unsafe")
    person.answers(q03="now", q04="unknown")
    case = talks.case()
    assert (type(case), case.level) == (Waiting, Level.critical)
    person.says(TOLD[0], TOLD[1])
    person.sees(seeker.KEPT)
    person.sends(What.sound)
    person.sees(seeker.ONLY_TEXT)
    person.chooses("q05", "phone")
    person.sends(What.number, NUMBER)
    person.sees_question("q07")
    person.sends(What.place, PLACE)
    person.sees(seeker.KEPT)
    person.chooses("q07", "west")
    person.sends(What.file, CAPTION)
    person.sees(seeker.NO_FILES)
    person.says("/language")
    person.presses(BEGINS["ru"])
    person.language = "ru"
    person.sees_question("q10")
    person.says("4, 6")
    person.says("3 дня назад")
    person.sees(seeker.DATE_READ)
    person.says("вчера")
    person.says(TOLD[2])
    takes(talks, person)
    person.comes_back()
    for _ in range(20):
        if person.asks("more"):
            break
        person.goes_on()
    person.chooses("more", "go_on")
    asked = 0
    while person.words(seeker.SUMMARY) not in person.seen and asked < 40:
        person.goes_on()
        asked += 1
    person.says(TOLD[3])
    person.sees(seeker.ADDED)
    person.presses(seeker.SEND)
    person.sees(seeker.SENT)
    found = "\n".join(words_in(opened(talks, tmp_path)))
    assert [one for one in (*TOLD, PLACE, NUMBER, CAPTION) if one not in found] == []
    table.add(f"b everything, {asked} more questions", person, TELLS)


# --- (c) a wife abroad, urgently and truthfully ---

WIFE = Most(taps=24, read=6300, to_alert=(6, 1200), rings={"Aigul": 1, "Boris": 3, "person": 2})
WROTE = {"ru": "его увезли в отдел на Абая, адвоката не пускают", "kk": "оны Абай көшесіндегі бөлімге әкетті"}


@EACH_LANGUAGE
def test_c_a_wife_in_russia_who_tells_the_truth_brings_her_husbands_case(
    talks: Talks, table: Table, tmp_path: Path, language: str
) -> None:
    """Abroad is she, held is he: the lawyers ring for him; her phone, free and at home, rings for news."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.sees_question("q02")
    person.chooses("q02", "outside")
    person.chooses("q01", "relative")
    person.sees_form("q02", "other")
    assert talks.rung(*LAWYERS) == 0
    person.chooses("q02", "held")
    case = talks.case()
    assert isinstance(case, Waiting)
    is_held(case)
    assert (talks.rung(AIGUL), talks.rung(BORIS)) == (1, 1)
    alerts = talks.seen(AIGUL) + talks.seen(BORIS)
    for language_of_alert in ("ru", "kk"):
        assert person.option("q02", "outside", language_of_alert) not in alerts
    person.sees_form("q02_by", "other")
    person.chooses("q02_by", "police")
    takes(talks, person)
    assert person.rung == 1
    person.comes_back()
    person.sees(seeker.TAKEN_CARD)
    person.answers(q03="no", q04="none")
    person.chooses("q05", "phone")
    person.sees_question("q06")
    writes(talks, person)
    assert person.rung == 2
    person.comes_back()
    assert person.words(member_texts.PHRASE_LAWYER) in person.seen
    person.says(WROTE[language])
    person.sees(seeker.ADDED)
    assert talks.rung(BORIS) == 2  # the alert, and her words
    assert WROTE[language] in words_in(opened(talks, tmp_path))
    person.says("+7 700 000 00 00")
    person.sees_question("q07")
    person.chooses("q07", "astana")
    person.sees_form("q08", "other")
    assert person.words(seeker.MY_PLACE) not in person.labels  # hers would lead to the wrong place
    person.presses(seeker.SKIP)
    person.chooses("q10", "nothing")
    person.presses(seeker.DONE)
    person.presses(seeker.TODAY_MORNING)
    person.chooses("q09_why", "migration")
    person.chooses("q40", "unknown")
    person.chooses("more_held", "stop")
    for line in (person.option("q02", "held"), person.option("q02_by", "police")):
        assert line in person.seen
    assert person.option("q02", "outside") not in person.seen
    person.presses(seeker.SEND)
    person.sees(seeker.SENT)
    table.add("c wife abroad", person, WIFE)


# --- (d) comes back, because it is worse ---

BACK = Most(taps=28, read=7300, rings={"Aigul": 2, "Boris": 5, "person": 2, "Clara": 2})


@EACH_LANGUAGE
def test_d_who_comes_back_because_it_is_worse_rings_the_lawyer_who_has_it(
    talks: Talks, table: Table, language: str
) -> None:
    """Free and in danger, in touch with a lawyer; hours later they are driven away: that is said at once, in words."""
    person = Walker(talks, PERSON, language)
    person.begins(seeker.CONTINUE)
    person.answers(q01="self", q02="free", q02_free="unsafe", q03="threat", q04="none")
    sends_the_rest(person)
    person.sees(seeker.SENT)
    takes(talks, person)
    assert person.rung == 1
    person.comes_back()
    writes(talks, person)
    assert person.rung == 2
    person.comes_back()
    person.waits(hours=5)
    person.says("/status")
    person.sees(seeker.STATUS_TAKEN)
    person.sees(seeker.STATUS_REACHED)
    person.presses(seeker.CHANGED)
    rung = talks.rung(BORIS)
    person.chooses("q02", "moving")
    assert talks.rung(BORIS) == rung + 1
    newest = list(talks.chats[BORIS].values())[-1]
    assert newest.rang
    assert person.option("q02", "moving", BORIS_READS) in newest.text
    before = talks.rung(AIGUL)
    person.waits(minutes=4)  # Boris has not seen it
    assert talks.rung(AIGUL) > before
    lawyer(talks, member_texts.SEEN)
    rung = talks.rung(*LAWYERS)
    person.waits(minutes=4)
    assert talks.rung(*LAWYERS) == rung
    heard = person.rung
    writes(talks, person)
    assert person.rung == heard  # in other hands now
    person.says("/delete")
    person.presses(seeker.DELETE_YES)
    person.sees(seeker.DELETE_DONE)
    assert isinstance(talks.case(), Parted)
    person.waits(hours=24)
    assert isinstance(talks.case(), Erased)
    table.add("d comes back, graver", person, BACK)


# --- (e) types everything, mixed and in Latin letters ---

TYPES = Most(taps=24, read=6500, to_alert=(7, 2600), rings={"Aigul": 2, "Boris": 2})
TYPED = {
    "ru": {
        None: ("по-русски", "privet, вы кто?", "срочно помогите"),
        "q02": ("меня держат в полиции",),  # and who holds them
        "q01": ("мне",),
        "q03": ("не знаю",),
        "q04": ("нет",),
        "q05": ("сюда пишите",),
        "q07": ("Актобе",),
        "q08": ("mi v otdele na Abaya, телефон забирают",),
        "q10": ("ничего не дали",),
        "q09": ("вчера вечером",),
        "q09_why": ("ничего не объяснили",),
        "q40": ("устно говорил",),
        "more_held": ("хватит",),
        "": ("отправить",),
    },
    "kk": {
        None: ("qazaqsha", "сәлем, сіз кімсіз?", "shugyl"),
        "q02": ("полицияда отырмын",),  # and who holds them
        "q01": ("маған",),
        "q03": ("bilmeimin",),
        "q04": ("joq",),
        "q05": ("осы чатқа",),
        "q07": ("Ақтөбе",),
        "q08": ("көшеде тоқтатып, отделге алып кетті",),
        "q10": ("ештене",),
        "q09": ("кеше кешке",),
        "q09_why": ("түсіндірмеді",),
        "q40": ("айттым",),
        "more_held": ("жіберу",),
        "": ("жіберу",),
    },
}


@EACH_LANGUAGE
def test_e_who_types_everything_is_understood_and_never_led_back_to_the_languages(
    talks: Talks, table: Table, tmp_path: Path, language: str
) -> None:
    """No button is pressed but those that are offered for what may mean two things; the region is the right one."""
    person = Walker(talks, PERSON, language)
    for question, said in TYPED[language].items():
        if question:
            person.sees_question(question)
        for one in said:
            person.says(one)
            never_the_languages(person)
            if person.is_told(seeker.DID_YOU_MEAN):
                person.presses(person.labels[0])
    person.sees(seeker.SENT)
    case = talks.case()
    assert isinstance(case, Waiting)
    is_held(case)
    facts = handoff(case).facts
    assert facts.region == "west"
    assert ("q02_by", "police") in [pair for one in facts.reasons for pair in one.because]
    assert TYPED[language]["q08"][0] in words_in(opened(talks, tmp_path))
    table.add("e types everything", person, TYPES)


# --- (f) only asks what can be done ---

ASKS = Most(taps=32, read=6100, to_offer=4500)
WHAT_CAN_I_DO = {
    "ru": [
        "что мне делать?",
        "подскажите, как попросить убежище",
        "а что можно сделать",
        "ну что делать-то",
        "как быть?",
    ],
    "kk": ["не істеуім керек?", "баспана қалай сұраймын", "не істеуге болады", "енді не істеймін", "қайтсем болады?"],
}


@EACH_LANGUAGE
def test_f_who_only_asks_what_can_be_done_reads_what_official_pages_say(
    talks: Talks, table: Table, language: str
) -> None:
    """In whichever words and wherever they ask; after the main path it stands there, with its source and its day."""
    person, asking = Walker(talks, PERSON, language), WHAT_CAN_I_DO[language]
    person.says(asking[0])
    never_the_languages(person)
    person.sees(seeker.CONSENT_HOW)
    for said in asking[1:3]:
        person.says(said)
        never_the_languages(person)
        assert person.words(seeker.CONTINUE) in person.labels
    person.presses(seeker.CONTINUE)
    person.says(asking[3])
    never_the_languages(person)
    if person.is_told(seeker.HELP):
        person.presses(seeker.BACK)
    person.sees_question("q01")
    person.answers(**CALM_WAY)
    person.presses(seeker.SKIP)
    to_the_calm_offer(person)
    assert quoted(person) == ["unhcr_lawful"]
    person.says(asking[4])
    never_the_languages(person)
    assert quoted(person) == ["unhcr_lawful"]
    person.presses(seeker.BACK)
    person.chooses("more", "stop")
    person.presses(seeker.SEND)
    person.sees(seeker.SENT)
    person.says(asking[0])
    assert quoted(person) == ["unhcr_lawful"]
    assert talks.rung(*LAWYERS, CLARA, PERSON) == 0
    table.add("f what can I do", person, ASKS)


def quoted(person: Walker) -> list[str]:
    """Which sentences of official pages stand in the chat, each with its source and the day on which it was read."""
    found = []
    for one in person.flow.advice:
        if one.read_on is not None and one.text[person.language] in person.seen:
            assert one.source in person.seen
            assert str(one.read_on.year) in person.seen
            found.append(one.id)
    return found


@EACH_LANGUAGE
@pytest.mark.parametrize(("entry", "says"), [("outside", "unhcr_outside"), ("transit", "unhcr_lawful")])
def test_f_what_is_quoted_fits_the_way_they_came(talks: Talks, language: str, entry: str, says: str) -> None:
    """Past a checkpoint, and through one."""
    person = Walker(talks, PERSON, language)
    person.begins(seeker.CONTINUE)
    person.answers(**CALM_WAY)
    person.presses(*[seeker.SKIP] * 4, seeker.DO_NOT_KNOW)
    person.answers(q19=entry, q23="none", q27="no")
    person.sees_question("more")
    assert quoted(person) == [says]


# --- (g) a policeman has the phone ---

SEARCHED = Most(taps=20, read=2600, rings={"Aigul": 1, "Boris": 2})


@EACH_LANGUAGE
def test_g_a_policeman_with_the_phone_finds_a_bot_that_nobody_has_used(
    talks: Talks, table: Table, language: str
) -> None:
    """Hidden: every command answers him as it answers a stranger, the lawyer writes and nothing comes."""
    person, stranger = Walker(talks, PERSON, language), Walker(talks, PERSON + 1, language)
    person.begins()
    person.chooses("q02", "held")
    case = takes(talks, person)
    person.presses(seeker.HIDE_CHAT)
    assert talks.toast is not None
    assert case.code in talks.toast
    assert person.seen == ""
    writes(talks, person)
    assert person.seen == ""
    for said in ("/start", "/help", "/status", "/back", "/clear", "/delete", "кто вы?", "код"):
        person.says(said)
        stranger.says(said)
        assert (person.text, person.labels) == (stranger.text, stranger.labels), said
        assert case.code not in person.seen
        if person.is_told(seeker.DELETE_CONFIRM):
            person.presses(both.CANCEL)
            stranger.presses(both.CANCEL)
        with person.meanwhile():
            writes(talks, person)
        assert person.words(member_texts.PHRASE_LAWYER) not in person.seen
        assert person.words(seeker.NEW_MESSAGE) not in person.seen
    person.waits(minutes=10)
    assert case.code not in person.seen
    assert talks.case().code == case.code
    assert not isinstance(talks.case(), Erased)
    person.says(case.code)  # he is gone, and the code is known by heart
    person.presses(seeker.SHOW)
    assert person.words(member_texts.PHRASE_LAWYER) in person.seen
    assert person.rung == 0
    table.add("g policeman", person, SEARCHED)


# --- (h) a troll ---

TROLL = Most(taps=36, read=5500, rings={"Aigul": 1, "Boris": 1, "Clara": 1})


@EACH_LANGUAGE
def test_h_a_troll_wakes_each_lawyer_once(talks: Talks, table: Table, language: str) -> None:
    """Urgent, no danger named; withdrawn and called again, erased and begun anew, within minutes at night."""
    talks.at = talks.at.replace(hour=22)
    person = Walker(talks, PERSON, language)
    person.begins()
    person.waits(seconds=62)
    assert (talks.rung(AIGUL), talks.rung(BORIS)) == (1, 1)
    for _ in range(4):
        person.says("/status")
        person.presses(seeker.WITHDRAW, seeker.WITHDRAW_YES)
        person.sees(seeker.CALL_WITHDRAWN)
        person.presses(seeker.CALL_NOW)
    for _ in range(3):
        person.says("/delete")
        person.presses(seeker.DELETE_YES)
        person.sees(seeker.DELETE_DONE)
        person.begins()
        person.waits(seconds=62)
    table.add("h troll", person, TROLL)


# --- (i) two lawyers at night ---

NIGHT = Most(taps=8, read=1700, to_alert=(4, 900), rings={"Aigul": 2, "Boris": 1, "person": 3})


@EACH_LANGUAGE
def test_i_of_two_lawyers_at_night_one_has_the_case_and_hands_it_over(
    talks: Talks, table: Table, language: str
) -> None:
    """The other reads it in one line; what is written is sent as it was seen; the file follows, and the wife knows."""
    talks.at = talks.at.replace(hour=22)
    person = Walker(talks, PERSON, language)
    person.begins()
    person.chooses("q02", "held")
    is_held(talks.case())
    assert (talks.rung(AIGUL), talks.rung(BORIS)) == (1, 1)
    person.chooses("q01", "relative")
    (late,) = [
        (data, message) for label, data, message in talks.data(AIGUL) if label == reads(talks, "kk", member_texts.TAKE)
    ]
    code = takes(talks, person).code
    assert person.rung == 1
    person.comes_back()
    talks.push(AIGUL, *late)
    assert holder(talks) == "Boris"
    assert talks.toast is not None or not_told(talks, AIGUL, code)
    assert not [one for one in talks.chats[AIGUL].values() if one.labels]
    assert any(one.document == f"{code}.zip" for one in talks.chats[BORIS].values())
    lawyer(talks, member_texts.WRITE)
    assert code in talks.text(BORIS)
    assert person.words(member_texts.PHRASE_LAWYER) not in person.seen
    with person.meanwhile():
        lawyer(talks, member_texts.PHRASE_LAWYER)
    assert reads(talks, "ru", member_texts.RECEIPT_UNREAD, code=code, n=1) in talks.seen(BORIS)
    person.comes_back()
    assert person.words(member_texts.PHRASE_LAWYER) in person.seen
    with person.meanwhile():
        lawyer(talks, member_texts.HAND_OVER)
        talks.press(BORIS, "Aigul")
        assert holder(talks) == "Boris"
        lawyer(talks, member_texts.ACCEPT, chat=AIGUL, language="kk")
    assert holder(talks) == "Aigul"
    assert any(one.document == f"{code}.zip" for one in talks.chats[AIGUL].values())
    assert not any(one.document for one in talks.chats[BORIS].values())
    person.comes_back()
    person.sees(seeker.TAKEN_CARD)
    table.add("i two lawyers at night", person, NIGHT)


def reads(talks: Talks, language: str, text: str, **values: object) -> str:
    """A text of the bot in a language."""
    return str(talks.pana.words.text(language, text, **values))


def not_told(talks: Talks, chat: int, code: str) -> bool:
    """Nothing of a case is left in a chat but that it is taken."""
    return all(code not in one.text or not one.rows for one in talks.chats[chat].values())


def holder(talks: Talks) -> str:
    """Who has the newest case."""
    case = talks.case()
    assert isinstance(case, Claimed)
    return str(talks.change(lambda tx: talks.core.members.get(tx, case.claim.by)).name)


# --- (j) an invited lawyer ---


def test_j_an_invited_lawyer_joins_takes_a_case_and_closes_it(talks: Talks, table: Table) -> None:
    """A key and its fingerprint, and they are told where they stand; then a night of their own."""
    # Dina's phone has rung once before: "you are in".
    most = Most(taps=4, read=900, to_alert=(4, 900), rings={"Aigul": 1, "Boris": 1, "Dina": 2})
    code = command(talks, "invite", "Dina", "--role", "lawyer", "--language", "kk").split()[0]
    dina = Walker(talks, DINA, "kk")
    dina.says(f"/start {code}")
    dina.sees(joining.JOIN_STEPS, file="reader.html", command="pana keygen -o me.txt --passphrase", example="age1pq1…")
    dina.says("бірақ кілт деген не?")
    dina.sees(joining.JOIN_BAD, example="age1pq1…")
    key = age.recipient_of(age.generate_identity())
    dina.says(key)
    dina.sees(joining.JOIN_DONE, key=fingerprint(key))
    assert fingerprint(key) in talks.seen(CLARA)
    assert key not in talks.seen(DINA)
    command(talks, "approve", "Dina", "--fingerprint", fingerprint(key), "--on-call")
    assert "New member: Dina" in talks.seen(CLARA)
    dina.says("/oncall")
    dina.sees(member_texts.ON_DUTY)
    person = Walker(talks, PERSON, "ru")
    person.begins()
    person.chooses("q02", "held")
    assert talks.rung(DINA) >= 1
    assert talks.case().code in talks.seen(DINA)
    dina.presses(member_texts.TAKE)
    assert holder(talks) == "Dina"
    assert any(one.document for one in talks.chats[DINA].values())
    dina.presses(member_texts.WRITE, member_texts.PHRASE_SIGN)
    with person.meanwhile():
        dina.presses(member_texts.CLOSE, member_texts.OUTCOME_HELPED, member_texts.CLOSE_YES)
    assert isinstance(talks.case(), Closed)
    assert not any(one.document for one in talks.chats[DINA].values())
    table.add("j whom an invited lawyer helps", person, most)
    table.add("j an invited lawyer", dina, Most(taps=11, read=3000, rings=most.rings))


def command(talks: Talks, *arguments: str) -> str:
    """`pana member ...` beside the bot."""
    done = run(talks, *arguments)
    assert (done.code, done.err) == (0, "")
    return str(done.out)


# --- (k) a coordinator ---

COORDINATED = Most(taps=4, read=1200, to_alert=(4, 900), rings={"Aigul": 10, "Boris": 12, "Clara": 4})


def test_k_a_coordinator_sees_who_was_called_and_calls_them_and_hears_how_it_goes_on(
    talks: Talks, table: Table
) -> None:
    """Nobody takes it: rung after ten minutes; one card says who was called, one button calls; take, lapse, end."""
    person = Walker(talks, PERSON, "kk")
    person.begins()
    person.chooses("q02", "held")
    code = talks.case().code
    person.waits(minutes=9)
    assert talks.rung(CLARA) == 0
    person.waits(minutes=2)
    assert talks.rung(CLARA) > 0
    assert reads(talks, "en", coordinator.UNCLAIMED, code=code) in talks.seen(CLARA)
    talks.say(CLARA, "/queue")
    assert f"{code} · {coordinator.LEVEL_CRITICAL}" in talks.text(CLARA)
    talks.press(CLARA, code)
    assert reads(talks, "en", coordinator.CASE_CALLED, names="Aigul, Boris") in talks.text(CLARA)
    rung = talks.rung(*LAWYERS)
    talks.press(CLARA, coordinator.CALL_ALL)
    assert talks.rung(*LAWYERS) == rung + 2
    talks.say(CLARA, "/oncall")
    assert reads(talks, "en", coordinator.DUTY_NOW, names="Aigul, Boris") in talks.text(CLARA)
    rung = talks.rung(CLARA)
    takes(talks, person)
    assert talks.rung(CLARA) == rung  # told without a sound
    assert f"Case {code} was taken. Lawyer: Boris" in talks.seen(CLARA)
    person.waits(minutes=16)
    assert isinstance(talks.case(), Waiting)
    assert talks.rung(CLARA) > rung
    assert f"Case {code}: no first contact, the others are called. Lawyer: Boris" in talks.seen(CLARA)
    takes(talks, person, AIGUL)
    lawyer(talks, member_texts.WRITE, member_texts.PHRASE_LAWYER, chat=AIGUL, language="kk")
    lawyer(talks, member_texts.CLOSE, member_texts.OUTCOME_HELPED, member_texts.CLOSE_YES, chat=AIGUL, language="kk")
    assert f"Case {code} is closed. Lawyer: Aigul" in talks.seen(CLARA)
    talks.say(CLARA, "/queue")
    assert coordinator.QUEUE_EMPTY in talks.text(CLARA)
    table.add("k whom a coordinator watches", person, COORDINATED)
