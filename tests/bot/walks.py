"""The way through the questionnaire that many tests take, in Russian."""

from bot.demo.person import Person

TO_TEXT = [
    ("1", "Кому нужна помощь?"),
    ("1", "Кто вас удерживает?"),
    ("2", "Вас передают России"),
    ("5", "Назначено ли заседание"),
    ("5", "Как юристу безопасно"),
    ("1", "Какой город"),
    ("2", "какой орган"),
]
HELD_STEPS = [("вчера", "За что вас удерживают"), ("5", "Там уже попросили"), ("3", "Можно отправить сейчас")]
CALM_STEPS = [
    ("1", "в последний раз въехали"),
    ("20 дней назад", "Как вы въехали"),
    ("1", "связаны с военной службой"),
    ("1", "Вы в розыске?"),
    ("4", "Можно отправить сейчас"),
]
FROM_TEXT = [
    ("5, 6", "вручили эту бумагу: Решение суда"),
    ("вчера", "до которой надо выехать"),
    ("не знаю", "С какого времени"),
    *HELD_STEPS,
    ("1", "Проверьте ответы"),
]


async def consent(person: Person, language: str, way: str, first: str) -> None:
    """From /start to the first question."""
    started = person.say("/start")
    fresh = await person.wait(lambda one: one.id > started.id and any(language in label for label in one.labels))
    person.press(language, fresh)
    await person.wait(lambda one: one.from_bot and way in one.labels)
    person.press(way)
    await person.sees(first)


async def answer(person: Person, said: str, then: str) -> None:
    """Types an answer and waits for the next card; what was typed must leave the chat."""
    typed = person.say(said)
    await person.sees(then)
    await person.until(lambda: typed.id not in {one.id for one in person.chat} or None)


async def answers(person: Person, *steps: tuple[str, str]) -> None:
    """Several answers in a row."""
    for said, then in steps:
        await answer(person, said, then)


async def to_free_text(person: Person) -> None:
    """Held by the police: to the question that is answered in one's own words."""
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    await answers(person, *TO_TEXT)


async def to_summary(person: Person) -> None:
    """From the papers to the summary."""
    await answers(person, *FROM_TEXT)


async def held_by_police(person: Person) -> None:
    """The shortest way to a critical case, in Russian."""
    person.say("срочно")
    await person.sees("Где тот, кому")
    person.press("Удерживают")


async def called(person: Person) -> None:
    """Held by the police: a critical case, in two presses."""
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    person.press("Удерживают")
    await person.sees("Кому нужна помощь?")


async def not_now(person: Person) -> None:
    """Withdraws the call, which is asked once."""
    person.press("Отменить вызов юриста")
    await person.wait(lambda one: "Больше не звать" in one.labels, 30)
    person.press("Больше не звать")


async def abroad(person: Person) -> None:
    """The shortest way to the summary: not in Kazakhstan, no danger named."""
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    await answers(
        person,
        ("1", "Где вы сейчас?"),
        ("8", "Как юристу безопасно"),
        ("1", "связаны с военной службой"),
        ("1", "Вы в розыске?"),
        ("4", "Можно отправить сейчас"),
        ("1", "Проверьте ответы"),
    )
