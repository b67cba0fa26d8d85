"""The words of dates in Kazakh: in its own letters here, read without their tails, and from Latin ones.

Who writes Kazakh writes Russian months as well, with Kazakh endings («5 ноябрьде»): they belong to its words.
"""

import re
from dataclasses import replace

from flows.dates.vocabulary import ORDINAL, Vocabulary, patterns, rewritten

# What is typed where a keyboard has no such letter, and what sounds alike: all of them are read as one.
_PLAIN_LETTERS = str.maketrans({
    "қ": "к", "ғ": "г", "ң": "н", "ә": "а", "э": "а", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и", "й": "и",
    "ё": "е", "я": "иа", "ю": "иу", "ь": "", "ъ": "",
})  # fmt: skip
_CASE = (  # of a noun
    "(?:[дт][ае]н?|н[ае]н?|[ндт][ыі]ң|ың|[ғгқк][ае]|[дт][ае]ғ?г?[ыі]|[дтн][ыі]|[мбп]ен|[ғг][ыі])?"
)
_ITS = "(?:[ыі](?:нда|нде|нан|нен|на|не|ның|нің)?|с[ыі](?:нда|нде|нан|нен|на|не|ның|нің)?)"
_FROM = "(?:дан|ден|тан|тен|нан|нен)"
_NUMBERS = {
    "бір": 1, "екі": 2, "үш": 3, "төрт": 4, "бес": 5, "алты": 6, "жеті": 7, "сегіз": 8, "тоғыз": 9, "он": 10,
    "жиырма": 20, "отыз": 30,
}  # fmt: skip
_NTH = {
    "бірінші": 1, "екінші": 2, "үшінші": 3, "төртінші": 4, "бесінші": 5, "алтыншы": 6, "жетінші": 7, "сегізінші": 8,
    "тоғызыншы": 9, "оныншы": 10, "жиырмасыншы": 20, "отызыншы": 30,
}  # fmt: skip
_IN_ONE = ("", "нда", "нде", "нан", "нен", "на", "не")
_PAST = r"(?:өткен|алдыңғы|бұрнағы)"
_YEAR = "(?:жыл(?:ы|ғы|дың|да|дан|ынан|ында|ының|ға)?)"
_MONTH = r"ай(?:ы|да|дың|дан|ында|ының|ынан|ға|дағы)?"
_WEEK = r"апта(?:да|ның|сы|сында|дан|ға)?"
_LOAN_MONTHS = (
    "январ", "феврал", "март", "апрел", "май", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр",
)  # fmt: skip
_OWN_MONTHS = (
    "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша",
    "желтоқсан",
)  # fmt: skip
_MAY = 5


def _months() -> tuple[str, ...]:
    """Their own and the Russian ones; «май» alone is butter."""
    both = zip(_OWN_MONTHS, _LOAN_MONTHS, strict=True)
    return tuple(
        rf"{own}{_CASE}|май(?:да|дың|дан|дағы)" if at == _MAY else rf"{own}{_CASE}|{loan}{_CASE}"
        for at, (own, loan) in enumerate(both, start=1)
    )


def _of_a_year() -> tuple[str, ...]:
    """«22 жылдың қыркүйегінде»: "in the September of that year", no date without the year."""
    soft = [re.sub("к$", "г", own) for own in _OWN_MONTHS]
    return tuple(rf"{own}{_ITS}|{loan}{_ITS}" for own, loan in zip(soft, _LOAN_MONTHS, strict=True))


def _one_of(unit: str) -> str:
    return rf"{unit}(?:ды|ді|ның|нің|дың|дің|ға|ге|қа|ке|дан|ден|нан|нен|тан|тен)?"


_KAZAKH = Vocabulary(
    # --- names and numbers ---
    months=patterns(*_months()),
    months_in_short=patterns(
        r"қаң|янв", r"ақп|фев", r"нау|мар", r"сәу|апр", r"мам|май", r"мау", r"шіл", r"там|авг", r"қыр|сент?",
        r"қаз|окт", r"қар|ноя", r"жел|желт|дек",
    ),
    months_of_a_year=patterns(*_of_a_year()),
    weekdays=patterns(
        rf"д[үу]йсенбі{_CASE}|д[үу]йсенбісі\w*|дс|понедельник{_CASE}", rf"сейсенбі{_CASE}|сейсенбісі\w*|вторник{_CASE}",
        rf"сәрсенбі{_CASE}|сәрсенбісі\w*|среда{_CASE}", rf"бейсенбі{_CASE}|бейсенбісі\w*|четверг{_CASE}",
        rf"жұма{_CASE}|жұмасы(?:нда|нан)?|пятница{_CASE}", rf"сенбі{_CASE}|сенбісі\w*|суббота{_CASE}",
        rf"жексенбі{_CASE}|жексенбісі\w*|воскресенье{_CASE}",
    ),
    seasons=patterns(
        r"қыста|қыстан|қыстың|қысы|қысында|қысынан|қысқы күні", r"көктем(?:де|ден|нің|і|інде|інен)?",
        r"жазда|жаздан|жаздың|жазы|жазында|жазынан|жазғы күні", r"күзде|күзден|күздің|күзі|күзінде|күзінен|күз",
    ),
    units={
        "minute": re.compile(_one_of("минут")),
        "hour": re.compile(_one_of("сағат")),
        "day": re.compile(f"{_one_of('күн')}|{_one_of('тәулік')}|сутка"),
        "week": re.compile(f"{_one_of('апта')}|недел(?:я|і)?"),
        "month": re.compile(f"{_one_of('ай')}|месяц"),
        "year": re.compile(f"{_one_of('жыл')}|год"),
    },
    units_alone=frozenset({"тәулік"}),
    unit_alone=frozenset({"тәулік"}),
    numbers={**_NUMBERS, "қырық": 40, "елу": 50, "алпыс": 60, "жетпіс": 70, "сексен": 80, "тоқсан": 90, "жүз": 100},
    tens=frozenset({"он", "жиырма", "отыз", "қырық", "елу", "алпыс"}),
    ordinals={},
    ordinals_beside={
        **{form: at for word, at in _NTH.items() for form in (word, word + "сі", word + "сы", word + "де")},
        **{
        f"{word}{its}{case}": at
        for word, at in _NUMBERS.items()
        for its in ("ы", "і", "сы", "сі")
        for case in _IN_ONE
        },
    },
    fillers=frozenset({
        "ж", "жыл", "жылғы", "жылы", "жылдың", "жылдан", "жылда", "айы", "айында", "айларында", "айының", "айынан",
        "айдың",
        "күн",
        "күні", "күнінде", "күннен", "кез", "кезі",
    }),
    # --- making a text plain ---
    latin=tuple((re.compile(form), letter) for form, letter in (
        ("[äáāàâ]", "a"), ("[öóō]", "o"), ("[üúū]", "u"), ("[ıýī]", "y"), ("[ğǵ]", "g"), ("[ñńŋ]", "n"), ("[şš]", "sh"),
        ("'", ""), ("shch|sh|щ", "ш"), ("ch|ç", "ч"), ("zh|j|ž", "ж"), ("gh", "г"), ("kh|h|x", "х"),
        ("ng(?=[^aeiouy]|$)", "н"),
        (r"y(?=[aeou])|(?<=[aeou])y", "и"), ("ts|c", "ц"), ("w", "у"),
        *zip("abvgdeziklmnoprstufyq", "абвгдезиклмнопрстуфык", strict=True),
    )),
    reworded={
        r"^мен ": "", r"\bосыдан (?=.+ бұрын)": "",
        r"^жыл(?:дың)? (?=бас|орта)": "биыл ", r"^ай (?=бас|орта|соң|аяғ)": "айдың ",
        r"\b(\d{1,2}) (?=(?:шы|ші|сы|сі)\b)": r"\1",
        r"\bкешегі\b": "кеше", r"\bбүгінгі\b": "бүгін", r"\bкүнгі\b": "күні", r"\bалдыңгүн[і]?\b": "алдыңғы күні",
        r"\bарғы күн[і]?\b": "алдыңғы күні", r"\bжаңа ғана\b": "қазір", r"\bкеше алдыңғы күні\b": "алдыңғы күні",
        r"\bмесяц (?=бұрын)": "ай ", r"\bнеделя (?=бұрын)": "апта ",
    },
    ordinal_endings=(r"-?(?:н?ш|с)?[ыі](?:н[дт]?[ае]|н[ае]н|не|на)?", r"н[дт][ае]", r"с[ыі]нде"),
    year_endings=("ші", "шы"),
    year_mark=(rf"ж|{_YEAR}",),
    year_letters=("ж",),
    told=frozenset({
        "ол", "мені", "бізді", "күйеуімді", "ұлымды", "ұстады", "ұсталды", "ұсталған", "алып", "кетті", "болған",
        "болатын", "еді", "отырмын", "отыр", "отырған", "келдім", "келді", "кірдім", "алдым", "берді", "тапсырды",
        "қамауға", "алды",
    }),
    held=frozenset({"отырмын", "отыр", "отырған"}),
    # --- hours and times of day ---
    at=("сағат",),
    around=("шамамен сағат", "шамамен"),
    hour_in_front=(r"(?:таңғы |кешкі |түнгі |түскі |күндізгі )?сағат",),
    near_at_the_end=("шамасында", "шамасы", "кезінде"),
    since_at_the_end=("бері", "бастап"),
    hour_endings=(r"-?[дт][ае]н?", r"-?н[ае]н?", r"-?[ғгқк][ае]"),
    no_hour_beside=frozenset({"бұрын"}),
    day_parts={
        r"таңертең(?:нен|гі|гісін)?|таң(?:да|ғы|нан|мен|ғысын)|ертемен": (6, 12),
        r"таң ата|таңсәріде|таң алдында": (3, 12),
        r"түске дейін": (6, 12),
        r"түсте|түстен кейін|түстен|түскі|күндіз(?:гі)?|сәскеде|түс кезінде": (12, 18),
        r"кешке|кеште|кештен|кешкі(?:сін)?|кешқұрым|кешкілік|ақшамда": (18, 24),
        r"түнде|түнгі|түннен|түн ортасында": (0, 6),
    },
    rough=("ерте", "кеш"),
    this_night=frozenset({"бүгін", "осы", "өткен"}),
    # --- how sure, and what may be left out ---
    emphasis=frozenset({"дәл", "ғана", "тек", "тура"}),
    about=frozenset({"шамамен", "шамасы", "шамасында", "маңында", "мүмкін", "мөлшермен", "сияқты", "болар"}),
    about_endings=re.compile(r"(?:(?<=^ай)|(?<=^апта)|(?<=^күн)|(?<=^жыл)|(?<=^тәулік))(?:дай|дей|тей)$"),
    more_than=(rf"(?<=\w){_FROM} (?:астам|көп|артық|аса)(?: уақыт)?",),
    less_than=(rf"(?<=\w){_FROM} (?:кем|аз)(?: уақыт)?", r"(?<=\w)(?:ға|ге|қа|ке) жетпей"),
    nearly=(r"(?<=\w)(?:ға|ге|қа|ке) жуық(?: уақыт)?", r"(?<=\w)(?:ға|ге|қа|ке) таяу"),
    # --- from today ---
    days_from_today={
        "кеше": -1, "кешеден": -1, "бүгін": 0, "бүгіннен": 0, "қазір": 0, "ертең": 1, "бүрсігүні": 2, "бүрсүгүні": 2,
        "алдыңғы күні": -2, "алдыңғы күн": -2, "алдыңғы күнде": -2, "бұрнағы күні": -2,
        "бұрнағы күн": -2, "бұрнағы күнде": -2,
    },
    night_before=re.compile(r"(.+?)(?:ға|ге|қа|ке|на|не) қараған түн\w*"),
    night_between=re.compile(rf"(.+?){_FROM} (.+?)(?:ға|ге|қа|ке|на|не) қараған түн\w*"),
    # --- a distance ---
    before=frozenset({"бұрын"}),
    after=frozenset({"кейін"}),
    half=frozenset({"жарты"}),
    and_a_half=re.compile(r"\bжарым\b"),
    few=frozenset({"бірнеше"}),
    lasting=(rf"(.+?)(?:{_FROM})? (?:болды|өтті|болып қалды)", rf"(.+?){_FROM} бері"),
    counted=_NTH,
    # --- this, last, the one before ---
    last=re.compile(r"өткен|алдыңғы"),
    before_last=re.compile(r"арғы"),
    next=re.compile(r"келесі|келер|алдағы"),
    this_month=frozenset({"осы"}),
    this_weekday=frozenset({"осы"}),
    this_season=re.compile("осы"),
    years_back=(
        re.compile(rf"\b(?:биыл|биылғы|осы {_YEAR})(?!\w)"),
        re.compile(rf"\b(?:былтыр|былтырғы|өткен {_YEAR})(?!\w)"),
        re.compile(rf"\b(?:бұрнағы|арғы|алдыңғы) {_YEAR}(?!\w)"),
    ),
    next_year=re.compile(rf"\b(?:келесі|келер) {_YEAR}(?!\w)"),
    months_back=(
        re.compile(rf"\b(?:осы {_MONTH}|айдың)(?!\w)"),
        re.compile(rf"\b(?:өткен|алдыңғы) {_MONTH}(?!\w)"),
        re.compile(rf"\b(?:бұрнағы|арғы) {_MONTH}(?!\w)"),
    ),
    weeks_back=(
        re.compile(rf"\bосы {_WEEK}(?!\w)"),
        re.compile(rf"\b(?:өткен|алдыңғы) {_WEEK}(?!\w)"),
        re.compile(rf"\b(?:бұрнағы|арғы) {_WEEK}(?!\w)"),
    ),
    weekend=(r"демалыс күн\w+",),
    # --- days, months and years ---
    of_month=("күні",),
    year_after_date=("ж", "жылы?", "жылғы", "күні"),
    no_year_beside=frozenset({"бұрын", "болды", "өтті", "кейін"}),
    month_endings_before_day=("ның", "нің", "дың", "дің", "тың", "тің"),  # «наурыздың 26-сы» is a day
    words_before_day=frozenset({"айының"}),
    # --- parts of a month or a year ---
    beginning=re.compile("басы(?:нда|нан|на)?"),
    middle=re.compile("ортасы(?:нда|нан|на)?"),
    end=re.compile("(?:соңы|аяғы)(?:нда|нан|на)?"),
    days_of_month={
        (1, 15): re.compile(rf"1{ORDINAL} жартысы\w*"),
        (16, 31): re.compile(rf"2{ORDINAL} жартысы\w*"),
    },
    # --- from one day to another ---
    range_or=("немесе", "әлде", "не"),
    range_to=("мен", "пен", "бен"),
    from_to=re.compile(rf"(\w+){_FROM} (.+) дейін"),
    range_end=("аралығында", "арасында"),
    year_in_front=("жылғы", "жылы", "жылдың", "ж"),
    since=(rf"(.+?){_FROM}? (?:бері|бастап)", r"(.+?) (?:бері|бастап)"),
    until=(r"(.+?)(?:ға|ге|қа|ке|на|не)? дейін",),
    until_end={
        "(?:осы )?аптаның (?:соңы|аяғы)на дейін": "week", "(?:осы )?айдың (?:соңы|аяғы)на дейін": "month",
        "(?:осы )?жыл(?:дың)? (?:соңы|аяғы)на дейін": "year", "жаңа жылға дейін": "new year",
    },
    # --- a term that a paper gives ---
    term_frames=(
        r"ішінде", r"мерзім(?:де|ге|і|інде)?", r"жұмыс", r"күнтізбелік",
        r"табыс(?: |етілген |еткен |ету )*күннен бастап",
        r"алған күннен бастап", r"тапсырылған күннен бастап", r"күннен кешіктірмей", r"кешіктірмей", r"беріл(?:ді|ген)",
        r"табыс етілген",
    ),
    term_units={
        "day": re.compile("күндік|тәуліктік|күні"), "week": re.compile("апталық"), "month": re.compile("айлық"),
        "hour": re.compile("сағаттық"),
    },
)  # fmt: skip

KAZAKH = replace(
    rewritten(_KAZAKH, lambda text: text.translate(_PLAIN_LETTERS)),
    letters={chr(letter): instead for letter, instead in _PLAIN_LETTERS.items()},
)
