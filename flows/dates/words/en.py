"""The words of dates in English."""

import re

from flows.dates.vocabulary import ORDINAL, Vocabulary, patterns

_MONTHS = (
    "january", "febr?uary", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_IN_SHORT = ("jan", "feb", "mar", "apr", "(?!)", "jun", "jul", "aug", "sept?", "oct", "nov", "dec")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip

ENGLISH = Vocabulary(
    # --- names and numbers ---
    months=patterns(*_MONTHS),
    months_in_short=patterns(*_IN_SHORT),
    weekdays=patterns(
        "mon(?:day)?", "tue(?:sday)?", "wed(?:nesday|day)?", "thu(?:rsday)?", "fri(?:day)?", "sat(?:urday)?",
        "sun(?:day)?",
    ),
    seasons=patterns("winter", "spring", "summer", "autumn|fall"),
    units={
        "minute": re.compile("min(?:ute)?s?"), "hour": re.compile("hours?"), "day": re.compile("days?"),
        "week": re.compile("weeks?"), "month": re.compile("months?"), "year": re.compile("years?"),
    },
    numbers={
        "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    },
    tens=frozenset({"twenty", "thirty"}),
    articles=frozenset({"a", "an"}),
    ordinals={},
    ordinals_beside={**{word: at for at, word in enumerate(_ORDINALS, start=1)}, "thirtieth": 30},
    fillers=frozenset({
        "of", "the", "on", "in", "at", "it", "was", "night", "earlier", "over", "during",
    }),
    # --- making a text plain ---
    split=re.compile(r"(?<=\bmid)-|(?:(?<=\btwenty)|(?<=\bthirty))-(?=[a-z])"),
    ordinal_endings=("th", "st", "nd", "rd"),
    reworded={r"\bthis (?=morning|afternoon|evening)": "today ", r"\bat noon\b": "at 12:00", r"\bat midnight\b": " ",
              r"\btoday's (?=morning)": "today ", r" '(?=\d\d\b)": " of "},
    year_mark=("years?",),
    told=frozenset({"he", "she", "they", "i", "we"}),
    # --- hours and times of day ---
    at=("at",),
    around=("around", "about", "at about", "at around"),
    since_hour=("since", "from"),
    until_hour=("before", "until", "by"),
    after_hour=("after",),
    hour_mark=(r"o'clock\b", r"h\b"),
    no_hour_beside=frozenset({"ago", "in", "already", "for"}),
    of_day={r"a\.?m": (6, 12), r"p\.?m": (12, 24)},
    day_parts={
        "(?:in )?(?:the )?morning": (6, 12), "(?:in )?(?:the )?afternoon": (12, 18),
        "(?:in )?(?:the )?evening": (18, 24),
    },
    rough=("late", "early"),
    last_night=("last night",),
    # --- how sure, and what may be left out ---
    emphasis=frozenset({"only", "just", "exactly"}),
    about=frozenset({
        "about", "around", "approximately", "approx", "roughly", "maybe", "circa", "probably", "perhaps", "some",
    }),
    about_phrases=("or so", "i think", "not sure", "more or less"),
    # --- from today ---
    days_from_today={
        "day before yesterday": -2, "yesterday": -1, "today": 0, "now": 0, "tomorrow": 1, "day after tomorrow": 2,
    },
    night_after=re.compile(r"(?:on |in )?(?:the )?night of (.+)"),
    # --- a distance ---
    before=frozenset({"ago"}),
    after=frozenset(),
    after_in_front=frozenset({"in"}),
    beside_distance=frozenset({"of", "in", "the"}),
    half=frozenset({"half"}),
    and_a_half=re.compile(r"\band a half\b"),
    few=frozenset({"few", "several"}),
    pair=frozenset({"couple"}),
    beside_few=frozenset({"a"}),
    joins=frozenset({"to", "and"}),
    lasting=(r"for (.+?)(?: already| now)?", r"(.+) (?:already|now)"),
    more_than=("more than", "over"),
    less_than=("less than", "within"),
    nearly=("almost", "nearly"),
    # --- this, last, the one before ---
    last=re.compile("last|previous"),
    this_month=frozenset({"this"}),
    this_weekday=frozenset({"this"}),
    this_season=re.compile("this"),
    years_back=(
        re.compile(r"\b(?:of this year|this year)\b|(?<=beginning of )the year\b|(?<=middle of )the year\b"),
        re.compile(r"\b(?:of last year|last year)\b"),
        re.compile(r"\b(?:the )?year before last\b"),
    ),
    months_back=(
        re.compile(r"\b(?:(?:of )?this month|of the month)\b"),
        re.compile(r"\b(?:of )?last month\b"),
        re.compile(r"\b(?:the )?month before last\b"),
    ),
    weeks_back=(
        re.compile(r"\bthis week\b"),
        re.compile(r"\blast week\b"),
        re.compile(r"\b(?:the )?week before last\b"),
    ),
    weekend=(r"(?:over |on |at )?(?:the )?(last )?weekend",),
    # --- days, months and years ---
    before_day=(r"(?:on )?(?:the )?",),
    months_before_day=re.compile("|".join(_MONTHS + _IN_SHORT)),  # "March 26" is a day, "in March 26" may be the year
    words_before_year=frozenset({"in"}),
    year_of_month=frozenset({"of"}),
    no_year_beside=frozenset({"ago", "for"}),
    # --- parts of a month or a year ---
    beginning=re.compile("early|beginning|start"),
    middle=re.compile("mid|middle"),
    end=re.compile("late|end"),
    days_of_month={
        (1, 10): re.compile(rf"(?:in )?(?:the )?1{ORDINAL} days of"),
        (21, 31): re.compile(r"(?:in )?(?:the )?last days of"),
        (1, 7): re.compile(rf"(?:in )?(?:the )?1{ORDINAL} week of"),
        (1, 15): re.compile(rf"(?:in )?(?:the )?1{ORDINAL} half of"),
        (16, 31): re.compile(rf"(?:in )?(?:the )?2{ORDINAL} half of"),
    },
    # --- from one day to another ---
    range_from=("from", "between", "either"),
    range_or=("or",),
    range_to=("to", "and", "through", "till", "until"),
    since=(r"(?:since|from) (.+)",),
    until=(r"(?:until|till|by) (.+)",),
)  # fmt: skip
