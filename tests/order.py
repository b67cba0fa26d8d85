"""In which order several workers have the tests, so that none of them is idle while another still has much to do."""

from __future__ import annotations

import zlib
from itertools import accumulate

import pytest

# What takes long by waiting (a process that dies, a lease that ends, a browser), in seconds as they were measured with
# six workers on two cores (`pytest --durations=60`). Who is not named takes `A_WALK`.
SECONDS = {
    "test_people_are_heard_beside_an_export_a_sweep_and_those_who_press_without_end": 9,
    "test_people_come_to_the_end_as_fast_as_they_can_and_at_set_moments": 8,
    "test_advice_that_has_changed_since_reaches_nobody_until_it_is_signed_anew": 11,
    "test_after_each_step_the_database_holds_what_the_threat_model_says_and_nothing_older": 13,
    "test_a_connection_that_dies_without_a_word_holds_up_nobody_else_and_nothing_for_long": 21,
    "test_a_claim_that_falls_silent_after_contact_is_asked_about_and_then_shown_to_coordinators": 9,
    "test_a_claimed_case_that_nobody_closes_is_announced_and_expires": 9,
    "test_acting_extends_once_and_a_silent_claim_then_lapses": 10,
    "test_what_the_person_writes_back_is_contact_and_what_they_write_unasked_is_none": 10,
    "test_once_there_is_a_case_a_correction_is_sealed_beside_the_first_text_and_announced": 7,
    "test_a_damaged_byte_ends_nothing_and_makes_nothing_else_unreachable": 34,
    "test_nothing_is_lost_or_done_twice_when_the_bot_is_killed": 30,
    "test_twelve_people_lose_no_sentence": 20,
    "test_the_rota_says_who_is_rung_and_follows_its_file": 8,
    "test_a_row_of_the_outbox_that_fails_stops_no_other": 8,
    "test_six_intakes_while_one_call_in_five_fails": 19,
    "test_every_file_arrives_sealed_once_though_the_bot_is_killed": 24,
    "test_a_claimer_who_is_silent_loses_nobody_the_case": 19,
    "test_messages_go_both_ways_and_only_claimer_and_deputy_can_open_the_case_from_then_on": 13,
    "test_what_was_sent_stays_after_hiding_and_delete_works_from_a_hidden_chat": 17,
    "test_a_message_that_was_sent_when_the_bot_died_is_confirmed_and_arrives_once": 14,
    "test_a_start_in_an_outage_is_ready_once_people_are_heard": 11,
    "test_due_cases_are_told_by_mail_while_telegram_cannot_be_reached": 15,
    "test_whoever_takes_the_updates_of_a_running_bot_is_told_on_every_way": 11,
    "test_of_two_lawyers_who_take_at_once_exactly_one_gets_each_case": 11,
    "test_many_messages_each_way_come_in_order_while_one_call_in_ten_fails": 12,
    "test_an_alert_also_rings_by_mail_and_push_for_who_wants_it": 6,
    "test_an_output_that_is_full_or_gone_is_no_traceback": 7,
    "test_a_calm_end_sends_what_is_due_and_is_not_held_up": 11,
    "test_a_wrong_token_is_one_clear_line_without_the_token": 11,
    "test_after_an_outage_the_question_comes_again_behind_a_ping_and_rings_on_no_held_phone": 8,
    "test_a_suspended_lawyer_and_a_former_one_can_neither_take_nor_read_nor_write": 13,
    "test_the_bot_tells_that_it_lives_and_a_clock_set_back_delays_no_ring": 9,
    "test_a_process_that_stands_by_with_a_wrong_clock_ends_delays_and_erases_nothing": 15,
    "test_when_the_poller_dies_the_other_takes_over_and_nobody_is_asked_twice": 13,
    "test_a_message_of_another_process_is_found_whichever_commit_comes_first": 8,
    "test_after_hiding_no_process_sends_and_nothing_stays": 15,
    "test_no_process_lets_a_message_out_that_another_is_just_taking_out_of_sight": 8,
    "test_a_bot_whose_clock_is_200_days_ahead_erases_nothing_and_says_so": 9,
    "test_a_whole_case_is_played_on_three_phones": 18,
    "test_the_page_gives_for_every_vector_what_pana_open_gives": 8,
    "test_a_phone_is_all_that_a_lawyer_needs": 17,
}
A_WALK, LONGEST = 2.0, 15
# A worker that is done takes from the end of another's list, so what waits stands before this part of it.
WAITS_UNTIL = 0.8
WAITS_FROM = 0.2  # in the list of the last; the first begins with it: else all would wait at first


def dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Every test once, in as many lists behind each other as there are workers, each as long as the others.

    What waits (for a process of its own, or named above) is dealt one by one, the longest first, to whoever has least
    to wait; the rest file by file. In each list the two alternate, so that one worker waits while another works.
    """
    waits = sorted((item for item in items if _waits(item)), key=lambda item: (-_seconds(item), _mixed(item.nodeid)))
    rest = sorted((item for item in items if not _waits(item)), key=lambda item: _mixed(_file(item)))
    waiting: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for item in waits:
        min(waiting, key=lambda some: sum(map(_seconds, some))).append(item)
    ordered: list[pytest.Item] = []
    for number, some in enumerate(waiting):
        some[:] = _turned(sorted(some, key=lambda item: (_seconds(item) < LONGEST, _mixed(item.nodeid))), number % 2)
        size = (len(items) - len(ordered)) // (workers - number)  # as the distribution cuts them
        working = max(0, size - len(some))
        ordered += _merged(some, rest[:working], WAITS_FROM * number / workers)
        del rest[:working]
    return ordered


def _turned(waiting: list[pytest.Item], halves: int) -> list[pytest.Item]:
    """The longest first, or from the middle on: else all would wait at the same time, and never at the end."""
    at = halves * len(waiting) // 2
    return waiting[at:] + waiting[:at]


def _merged(waiting: list[pytest.Item], working: list[pytest.Item], since: float) -> list[pytest.Item]:
    """The two lists as one, each in its own order, by the share of it that is over when a test begins."""
    whole, begins = sum(map(_seconds, waiting)), accumulate(map(_seconds, waiting), initial=0.0)
    until = WAITS_UNTIL - since
    placed = [(since + until * begin / whole, item) for begin, item in zip(begins, waiting, strict=False)]
    placed += [(number / len(working), item) for number, item in enumerate(working)]
    return [item for _, item in sorted(placed, key=lambda one: one[0])]


def _mixed(name: str) -> int:
    return zlib.crc32(name.encode())


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _function(item: pytest.Item) -> str:
    return item.name.partition("[")[0]


def _waits(item: pytest.Item) -> bool:
    """For a process of its own."""
    walks = {"instance", "pana", "address"}.intersection(getattr(item, "fixturenames", ()))
    return bool(walks) or _function(item) in SECONDS


def _seconds(item: pytest.Item) -> float:
    return SECONDS.get(_function(item), A_WALK)
