"""The questionnaire of the peers: as long as Pana's, and its cards as large."""

QUESTIONS = 20
OPTIONS = 5
TOKEN = "4242:token-of-the-bench-that-is-none-at-all"


def text(number: int) -> str:
    """A card: progress and a question of some 300 characters."""
    question = "Кто сейчас удерживает того, кому нужна помощь, и что об этом известно? " * 4
    return f"Вопрос {number + 1} из {QUESTIONS}\n\n{question.strip()}"


def rows(number: int) -> list[list[tuple[str, str]]]:
    """Its buttons: label and data."""
    options = [[(f"{one + 1}. Вариант ответа номер {one + 1}", f"a:{number}:{one}")] for one in range(OPTIONS)]
    return [*options, [("Назад", f"b:{number}"), ("Пропустить вопрос", f"s:{number}")]]


END = "Спасибо. Ваши ответы отправлены."
