"""Where the tests' people are: the place of the questionnaire that is delivered."""

from pathlib import Path

from flows.place_file import load_place

KAZAKHSTAN = load_place(Path(__file__).parent.parent / "flows" / "kazakhstan" / "place.yaml")
HERE = KAZAKHSTAN.zone
