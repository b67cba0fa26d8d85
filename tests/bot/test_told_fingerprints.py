"""A fingerprint is told by voice and typed: what counts is its letters, wherever one is compared."""

import pytest

from storage.sealing.identity_file import as_fingerprint
from tests.bot.in_process import Ended
from tests.bot.in_process import pana as run_pana
from tests.bot.test_members import DINA, PERSON, new_key, run
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
WAYS = {
    "in small letters": str.lower,
    "in one piece": lambda told: told.replace("-", ""),
    "with blanks": lambda told: f" {told.replace('-', ' ')} ",
    "with long dashes": lambda told: told.replace("-", " – "),
    "on a Cyrillic keyboard": lambda told: told.translate(str.maketrans("ABCEHKMOPTYX", "АВСЕНКМОРТУХ")).lower(),
    "with what looks like a letter": lambda told: told.translate(str.maketrans("OIB", "018")),
}
OTHER = "AAAAA-BBBBB-CCCCC-DDDDD"


@pytest.mark.parametrize("way", WAYS)
def test_a_fingerprint_is_the_same_however_it_is_typed(way: str) -> None:
    """Every letter of base32, and nothing but the same ones."""
    for told in ("ABCDE-FGHIJ-KLMNO-PQRST", "UVWXY-Z2345-67ABC-EHIKM"):
        assert as_fingerprint(WAYS[way](told)) == told
        assert as_fingerprint(WAYS[way](told[:-1])) != told
        assert as_fingerprint(WAYS[way](told) + "A") != told


def test_every_command_that_compares_takes_it_and_refuses_another(talks: Talks) -> None:
    """To say of the right key that it is another one sends a lawyer away, or calls sound records forged."""
    folder, typed = talks.core.settings.server.key_file.parent, WAYS["with blanks"]

    def pana(*arguments: str) -> Ended:
        return run_pana(folder, *arguments, environment=talks.environment)

    urgent(talks, PERSON)
    signed = talks.core.ring.signing_fingerprint
    assert pana("export", "all.zip").code == 0
    file, told = new_key(talks, "Newcomer")
    assert run(talks, "set", "Boris", "--recipient", file, "--fingerprint", OTHER).code == 1
    assert run(talks, "set", "Boris", "--recipient", file, "--fingerprint", typed(told)).code == 0

    code = run(talks, "invite", "Dina", "--role", "lawyer").out.split()[0]
    key, told = new_key(talks, "Dina")
    talks.say(DINA, f"/start {code}")
    talks.say(DINA, (folder / key).read_text())
    assert run(talks, "approve", "Dina", "--fingerprint", OTHER).code == 1
    assert run(talks, "approve", "Dina", "--fingerprint", typed(told)).code == 0

    opened = ("open", "all.zip", "-i", "Aigul.txt", "--signed-by")
    assert (pana(*opened, OTHER).code, pana(*opened, typed(signed)).code) == (1, 0)
    shared = ("share", "all.zip", "-i", "Aigul.txt", "--to", key, "-o", "b.zip", "--signed-by")
    assert pana(*shared, OTHER, "--fingerprint", typed(told)).code == 1
    assert pana(*shared, typed(signed), "--fingerprint", OTHER).code == 1
    assert pana(*shared, typed(signed), "--fingerprint", typed(told)).code == 0

    config = folder / "pana.toml"
    text = config.read_text()
    assert signed in text
    config.write_text(text.replace(signed, typed(signed).lower()))
    assert pana("member", "list").code == 0
    config.write_text(text.replace(signed, OTHER))
    assert pana("member", "list").code == 1
