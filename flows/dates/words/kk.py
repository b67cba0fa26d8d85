"""The words of dates in Kazakh."""

import re

from flows.dates.vocabulary import NEVER, ORDINAL, Vocabulary, patterns

_FROM = "(?:дан|ден|тан|тен|нан|нен)"  # the ending of "from"
_ORDINALS = (
    "бірінші", "екінші", "үшінші", "төртінші", "бесінші", "алтыншы", "жетінші", "сегізінші", "тоғызыншы", "оныншы",
)  # fmt: skip

KAZAKH = Vocabulary(
    # --- names and numbers ---
    months=patterns(
        r"қаң(?:тар\w*)?", r"ақп(?:ан\w*)?", r"нау(?:рыз\w*)?", r"сәу(?:ір\w*)?", r"мамыр\w*", r"мау(?:с(?:ым\w*)?)?",
        r"шіл(?:де\w*)?", r"там(?:ыз\w*)?", r"қыр(?:к(?:үйек\w*)?)?", r"қаз(?:ан\w*)?", r"қар(?:аша\w*)?",
        r"жел(?:тоқсан\w*)?",
    ),
    weekdays=patterns(
        r"дүйсенб\S*", r"сейсенб\S*", r"сәрсенб\S*", r"бейсенб\S*", r"жұма\S*", r"сенбі\S*", r"жексенб\S*",
    ),
    seasons=patterns(r"қыс\w*", r"көктем\w*", r"жаз\w*", r"күз\w*"),
    units={
        "minute": (), "hour": ("сағат",), "day": ("күн",), "week": ("апта",), "month": ("ай",), "year": ("жыл",),
    },
    numbers={
        "бір": 1, "екі": 2, "үш": 3, "төрт": 4, "бес": 5, "алты": 6, "жеті": 7, "сегіз": 8, "тоғыз": 9, "он": 10,
        "жиырма": 20, "отыз": 30,
    },
    tens=frozenset({"он", "жиырма", "отыз"}),
    ordinals={
        **{word: at for at, word in enumerate(_ORDINALS, start=1)},
        "жиырмасыншы": 20, "отызыншы": 30,
    },
    fillers=frozenset({
        "ж", "жыл", "жылғы", "жылы", "жылдың", "айы", "айында", "айының", "күн", "күні", "күнінде", "таңертең", "таңда",
        "кешке", "түнде", "түсте", "болатын", "еді",
    }),
    # --- making a text plain ---
    ordinal_endings=(r"(?:н?ш|с)?[ыі](?:н[дт]?[ае]|н[ае]н)?", r"н[дт][ае]"),
    year_mark=(r"ж(?:ыл\w*)?",),
    year_letters=("ж",),
    before_time=("сағат",),
    after_time=(r"-?[дт][ае]",),
    times=(
        r"\b(?:(?:таңғы|кешкі|түнгі|күндізгі|түскі) )?сағат \d{1,2}(?:-?[дт][ае])?\b(?!:)",
        r"\b(?:таңғы|кешкі|түнгі) \d{1,2}-?[дт][ае]\b",
    ),
    # --- how sure, and what may be left out ---
    emphasis=frozenset({"дәл", "ғана", "тек"}),
    about=frozenset({
        "шамамен", "шамасы", "шамасында", "маңында", "мүмкін", "жуық", "жуықта", "мөлшермен",
    }),
    about_endings=re.compile(r"(?:(?<=ай)|(?<=апта)|(?<=күн)|(?<=жыл))(?:дай|дей)$"),  # "about a month": бір айдай
    # --- from today ---
    days_from_today={"кеше": -1, "бүгін": 0, "қазір": 0, "ертең": 1, "бүрсігүні": 2},
    no_day_beside=frozenset({"күн"}),
    days_in_a_phrase={f"{before} {day}": -2 for before in ("алдыңғы", "бұрнағы") for day in ("күн", "күні", "күнде")},
    last_night=(r"(?:осы|өткен) түнде",),
    # --- a distance ---
    before=frozenset({"бұрын"}),
    after=frozenset({"кейін"}),
    half=frozenset({"жарты"}),
    and_a_half=re.compile(r"\bжарым\b"),
    few=frozenset({"бірнеше"}),
    lasting=(r"(.+) (?:болды|өтті)", rf"(.+?){_FROM} бері"),
    # --- this, last, the one before ---
    last=("өткен", "алдыңғы"),
    this_month=frozenset({"осы"}),
    this_weekday=frozenset({"осы"}),
    this_season=("осы",),
    years_back=(
        re.compile(r"\b(?:биыл\w*|осы жыл\w*)\b"),
        re.compile(r"\b(?:былтыр\w*|өткен жыл\w*)\b"),
        re.compile(r"\bбұрнағы жыл\w*\b"),
    ),
    months_back=(
        re.compile(r"\b(?:осы ай\w*|айдың)\b"),
        re.compile(r"\b(?:өткен|алдыңғы) ай\w*\b"),
        NEVER,
    ),
    weeks_back=(
        re.compile(r"\bосы апта\w*\b"),
        re.compile(r"\b(?:өткен|алдыңғы) апта\w*\b"),
        NEVER,
    ),
    weekend=(r"демалыс күн\w+",),
    # --- days, months and years ---
    of_month=("күні",),
    year_after_date=("ж", "жылы?", "жылғы"),
    after_short_year=("жылы",),
    month_endings_before_day=("ның", "нің", "дың", "дің", "тың", "тің"),  # «наурыздың 26-сы» is a day
    words_before_day=frozenset({"айының"}),
    # --- parts of a month or a year ---
    beginning=("бас",),
    middle=("орта",),
    end=("соң", "аяғ"),
    days_of_month={
        (1, 15): re.compile(rf"1{ORDINAL} жартысы\w*"),
        (16, 31): re.compile(rf"2{ORDINAL} жартысы\w*"),
    },
    # --- from one day to another ---
    range_or=("немесе", "әлде", "не"),
    range_to=("мен", "пен", "бен"),
    from_to=re.compile(rf"(\w+){_FROM} (.+) дейін"),
    range_end=("аралығында",),
    year_in_front=("жылғы", "жылы", "жылдың", "ж"),
    since=(rf"(.+?){_FROM}? (?:бері|бастап)",),
    until=(r"(.+?)(?:ға|ге|қа|ке)? дейін",),
)  # fmt: skip
