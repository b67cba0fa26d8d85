"""A long list, part by part: what is shown at once, and the button to the next part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from bot.speech.reader import Reader
from bot.speech.texts import member as texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[T]):
    """So many of a list, from `first` on, and the others after it; a list that has become shorter begins anew."""

    shown: Sequence[T]
    others: Sequence[T]
    first: int
    of: int

    @classmethod
    def of_list(cls, listed: Sequence[T], first: int, many: int) -> Self:
        """The part that begins there."""
        begins = first if 0 < first < len(listed) else 0
        ends = begins + many
        others = (*listed[ends:], *listed[:begins])
        return cls(shown=listed[begins:ends], others=others, first=begins, of=len(listed))

    @property
    def next(self) -> int:
        """Where the next part begins; after the last one that is the first."""
        ends = self.first + len(self.shown)
        return ends if ends < self.of else 0

    def label(self, reader: Reader) -> str | None:
        """What stands on the button to the next part; None when everything is shown."""
        if self.next:
            return reader.text(texts.MORE_OF_LIST, num=self.of - self.next)
        return reader.text(texts.FROM_THE_BEGINNING) if self.first else None
