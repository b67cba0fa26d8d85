"""What was answered, as lawyers read it: the question in short, and its answer; and why a case is urgent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.speech.reader import Reader
from bot.speech.texts import member as texts
from flows.alert import Told, is_of_clocks, says_more
from flows.model import UNKNOWN, Flow, OptionId, QuestionId, Reason, Rule

Pair = tuple[QuestionId, OptionId]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersInWords:
    """Of one case, for one reader."""

    flow: Flow
    told: tuple[Told, ...]
    reader: Reader

    def find(self, question: QuestionId | None) -> Told | None:
        """What was told at a question; None where it was not asked."""
        return next((one for one in self.told if one.question == question), None)

    def name(self, question: QuestionId) -> str:
        """A question in short; empty in a questionnaire of before."""
        return self.flow.alert.names.get(question, {}).get(self.reader.language, "")

    def label(self, question: QuestionId, option: OptionId) -> str:
        """An option as the person read it, in the reader's language."""
        found = self.flow.option(question, option)
        return found.label.get(self.reader.language, option) if found else option

    def asked_and_told(self, told: Told) -> str:
        """Never a bare "I don't know"."""
        known = [one for one in told.options if one != UNKNOWN]
        answer = ", ".join(self.label(told.question, one) for one in known)
        if not told.options:
            answer = self.reader.text(texts.NO_ANSWER)
        elif not known:
            answer = self.reader.text(texts.DOES_NOT_KNOW)
        return self.question_and(told.question, answer)

    def question_and(self, question: QuestionId, answer: str) -> str:
        """A question in short, and what is said to it."""
        name = self.name(question)
        return self.reader.text(texts.ASKED_AND_TOLD, question=name, answer=answer) if name else answer

    def reason(self, reason: Reason, covered: Collection[Pair] = (), *, beside_deadlines: bool = False) -> str:
        """Why: in the words of the answers where they say it all, and else in those of the rule.

        `covered`: what is said beside it. Empty where that is all.
        """
        rule, options = self.flow.rule(reason.rule), self._options(self._asked(reason, covered))
        if rule is None or not self.flow.alert.names:  # a questionnaire of before: options say nothing without the rule
            why = self._rule(rule) if rule else reason.rule
            return f"{why}: {options}" if options else why
        if is_of_clocks(rule) and beside_deadlines:
            return ""
        if reason.because and not says_more(rule, reason.because):
            return options
        return f"{self._rule(rule)} ({options})" if options else self._rule(rule)

    def _asked(self, reason: Reason, covered: Collection[Pair]) -> list[Pair]:
        """Its answers, without what is said beside it, and what counts as not known because it was not asked."""
        asked = {one.question for one in self.told}
        return [pair for pair in reason.because if pair not in covered and (not asked or pair[0] in asked)]

    def _rule(self, rule: Rule) -> str:
        return rule.reason.get(self.reader.language, rule.id)

    def _options(self, pairs: Iterable[Pair]) -> str:
        """Several answers of one question together; what was taken back since as said before."""
        chosen: dict[tuple[QuestionId, bool], tuple[OptionId, ...]] = {}
        for question, option in pairs:
            key = question, self._stands(question, option)
            chosen[key] = (*chosen.get(key, ()), option)
        found = [(self._asked_and(one, options), stands) for (one, stands), options in chosen.items()]
        return "; ".join(said if stands else self.reader.text(texts.SAID_BEFORE, what=said) for said, stands in found)

    def _asked_and(self, question: QuestionId, options: tuple[OptionId, ...]) -> str:
        """What was skipped counts as not known, and is said as no answer: nobody said that they do not know."""
        told = self.find(question)
        skipped = told is not None and not told.options and options == (UNKNOWN,)
        return self.asked_and_told(Told(question) if skipped else Told(question, options))

    def _stands(self, question: QuestionId, option: OptionId) -> bool:
        told = self.find(question)
        return told is None or option in told.options or not told.options
