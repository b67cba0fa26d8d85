"""The texts of a questionnaire, each with the name under which the catalogs have it."""

from collections.abc import Callable, Iterator

from flows.source import SourceAlert, SourceFlow, SourceQuestion, TwoForms

Translate = Callable[[str, str, str], str]
CLOCK_WORDS = ("period", "side", "file_at", "suspends")  # of a clock, what lawyers read besides its event and basis


def forms_of(context: str, text: TwoForms | str) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """(msgctxt, msgid) for oneself, for another and for both; one string serves all, and the first for the last."""
    if isinstance(text, str):
        return (context, text), (context, text), (context, text)
    own = (f"{context}.self", text.self_)
    return own, (f"{context}.other", text.other), (f"{context}.open", text.open) if text.open else own


def messages(flow: SourceFlow) -> Iterator[tuple[str, str, str]]:
    """Every text of a questionnaire: path in the file, msgctxt, English text. One with `each` has its texts once."""
    for at, question in enumerate(flow.questions):
        yield from _of_question(at, question)
    for at, clock in enumerate(flow.clocks):
        yield f"$.clocks[{at}].event", f"clock.{clock.id}", clock.event
        for name in CLOCK_WORDS:
            if said := str(getattr(clock, name)):
                yield f"$.clocks[{at}].{name}", f"clock.{name}", said
    for at, advice in enumerate(flow.advice):
        yield f"$.advice[{at}].text", f"advice.{advice.id}", advice.text
    for at, card in enumerate(flow.cards):
        yield f"$.cards[{at}].text", f"card.{card.id}", card.text
    for at, rule in enumerate(flow.rules):
        yield f"$.rules[{at}].reason", f"rule.{rule.id}", rule.reason
    yield from _of_alert(flow.alert)
    for law, name in flow.laws.items():
        yield f"$.laws.{law}", f"law.{law}", name


def _of_question(at: int, question: SourceQuestion) -> Iterator[tuple[str, str, str]]:
    for name, text in (("text", question.text), ("hint", question.hint)):
        if text is not None:
            for context, msgid in dict.fromkeys(forms_of(f"{question.base or question.id}.{name}", text)):
                yield f"$.questions[{at}].{name}", context, msgid
    for number, option in enumerate(question.options):
        yield f"$.questions[{at}].options[{number}].label", f"{question.id}.{option.id}", option.label
    for number, span in enumerate(question.spans):
        yield f"$.questions[{at}].spans[{number}].label", f"{question.base or question.id}.spans", span.label


def _of_alert(alert: SourceAlert) -> Iterator[tuple[str, str, str]]:
    """Its texts: path in the file, msgctxt, English text."""
    for option, said in alert.writers.items():
        yield f"$.alert.writers.{option}", f"alert.{alert.writes}.{option}", said
    for at, threat in enumerate(alert.threats):
        yield f"$.alert.threats[{at}].name", f"alert.threat.{threat.id}", threat.name
    for question, name in alert.names.items():
        yield f"$.alert.names.{question}", f"alert.{question}", name
