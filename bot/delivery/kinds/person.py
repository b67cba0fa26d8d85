"""What reaches the chat of whoever asks for help, as the gate lets it out at the moment of sending (bot/gate.py)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.delivery.kind import Kind, ToPerson, nothing_kept
from bot.gate import Way, least
from bot.handoff.calls import Calls
from bot.handoff.for_person import way_of
from bot.handoff.reaching import Reaching
from bot.rings import Event
from bot.seeker.arrivals import Arrivals
from bot.seeker.chat import case_mark
from bot.seeker.screen import Screen
from bot.speech.outgoing import Outcome
from bot.speech.presses import Ended
from storage import in_sight
from storage.case import Case, Live
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKinds:
    """What stands in the chat since is kept by the door, when it has come; here nothing is."""

    calls: Calls
    reaching: Reaching
    screen: Screen
    arrivals: Arrivals

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        return {
            RowKind.news: Kind(draw=self._news, kept=nothing_kept, lost=self._case_lost),
            RowKind.ping: Kind(draw=self._ping, kept=nothing_kept, lost=self._case_lost),
            RowKind.unread: Kind(draw=self._unread, kept=nothing_kept, lost=self._case_lost),
            RowKind.closed: Kind(draw=self._closed, kept=nothing_kept, lost=self._chat_lost),
            RowKind.bye: Kind(draw=self._bye, kept=nothing_kept, lost=self._chat_lost),
            RowKind.stray: Kind(draw=self._stray, kept=nothing_kept, lost=self._chat_lost),
        }

    # --- of a case ---

    def _news(self, tx: Tx, due: Due) -> ToPerson | None:
        """The card changes to what is true now, once nothing is being chosen in its place; nothing new is sent."""
        case = self._case(tx, due)
        # Of a hidden chat only what is being answered at this moment: the news goes into it, unseen.
        if case.chat_id is None or (case.hidden and not in_sight.is_answering(tx, case.row)):
            return None
        until = self.screen.chats.chooses_until(tx, case.chat_id)
        if until is not None:
            self.calls.queue.person.news_later(tx, case, until)
            return None
        seen = self.screen.view(tx, case.chat_id)
        return ToPerson(chat_id=case.chat_id, outcome=replace(seen, only_edit=True)) if seen.card else None

    def _ping(self, tx: Tx, due: Due) -> ToPerson | None:
        return self._neutral(tx, self._case(tx, due))

    def _unread(self, tx: Tx, due: Due) -> ToPerson | None:
        """None is sent for what has been opened meanwhile."""
        case, claims = self._case(tx, due), self.calls.claims
        waits = claims.relay.waits(tx, case.row) or claims.contacts.get(tx, case.row).owes
        return self._neutral(tx, case) if waits else None

    def _neutral(self, tx: Tx, case: Case) -> ToPerson | None:
        """A message that says nothing of what it is for; one stands at a time."""
        if case.chat_id is None or case.hidden or not isinstance(case, Live):
            return None
        # What was queued has passed the gate for its own event; here it is asked for what may ring most.
        chat, let = self.screen.chats.of(tx, case.chat_id), way_of(Event.relayed, case)
        behind = chat.behind is not None and chat.behind.row == case.row
        if behind:  # of two requests on one phone, the one whose person says less
            let = least(let, self.screen.lets(tx, chat, Event.relayed))
        if let not in {Way.ping, Way.hint}:
            return None
        self.arrivals.make_room(tx, chat)
        card, rings = self.screen.cards.ping(case.chat_id, chat.language), let is Way.ping
        of = chat.shows if behind else frozenset({case_mark(case.row)})
        ping = Outcome(card=card, fresh=True, rings=rings, apart=True, of=of)
        return ToPerson(chat_id=case.chat_id, outcome=ping)

    def _case(self, tx: Reading, due: Due) -> Case:
        assert due.case_row is not None
        return self.calls.cases.get(tx, due.case_row)

    def _case_lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        if gone:
            self.reaching.cannot_reach(tx, self._case(tx, due))

    # --- of a chat: nothing else is known of it any more ---

    def _closed(self, _tx: Reading, due: Due) -> ToPerson | None:
        """The last card of a case, or of what has joined one that is out of sight."""
        chat_id, cards = due.chat_id or 0, self.screen.cards
        drawing = cards.joined if "joined" in due.args else cards.closed
        card = drawing(chat_id, str(due.args["language"]))
        return ToPerson(chat_id=chat_id, outcome=Outcome(card=card, edit=due.number("card"), only_edit=True))

    def _bye(self, _tx: Reading, due: Due) -> ToPerson | None:
        """A neutral message: a case was closed, or what was answered has run out of time."""
        chat_id, rings = due.chat_id or 0, due.args.get("way") == Way.ping
        why = next((one for one in Ended if one.name in due.args), Ended.closed)
        card = self.screen.cards.goodbye(chat_id, str(due.args["language"]), why)
        outcome = Outcome(card=card, fresh=True, rings=rings, apart=True, goodbye=True)
        return ToPerson(chat_id=chat_id, outcome=outcome)

    def _stray(self, tx: Tx, due: Due) -> ToPerson | None:
        """What may stand there unknown goes; then the card is drawn anew, where the chat shows one."""
        chat_id = due.chat_id or 0
        removes = tuple(self.arrivals.strays(tx, chat_id, due.number("since")))
        return ToPerson(chat_id=chat_id, outcome=self.screen.view(tx, chat_id), removes=removes)

    def _chat_lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        if gone and due.chat_id is not None:
            nobody_there(tx, self.reaching, due.chat_id)


def nobody_there(tx: Tx, reaching: Reaching, chat_id: int) -> None:
    """A person's chat cannot be reached: said in each of their cases."""
    for case in reaching.cases.all_of_chat(tx, reaching.cases.ring.look_up("telegram", chat_id)):
        reaching.cannot_reach(tx, case)
