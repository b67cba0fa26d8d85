"""Configuration: `pana.toml`, each value also as a variable (bot/settings_variables.py).

Everything that is wrong is reported at once, by name. Values are never repeated in a message: one may be the token.
The sentence under a setting is what docs/settings.md says of it (bot/settings_page.py, `make settings`).
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from bot.errors import ConfigurationError
from bot.languages import NAMES
from bot.settings_faults import Place, Several, left_out, said
from bot.settings_variables import put, variable_of
from flows.model import Level
from flows.time_of_day import time_of_day
from storage.database_address import usual_url
from storage.errors import Refused
from storage.files import read_text, why
from storage.sealing.age import check_recipient
from storage.sealing.errors import SealingError

_UNITS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}
NOT_SETTINGS = {
    "PANA_CONFIG": "The configuration file of every command, where `-c` names none; without both it is `pana.toml`.",
    "PANA_PASSPHRASE_FILE": "A file with the passphrase of an identity; without it `keygen`, `open`, `share` ask.",
}


def _duration(value: object) -> object:
    if isinstance(value, timedelta):  # a default
        return value
    match = re.fullmatch(r"([0-9]{1,9})\s*(s|min|m|h|d)", str(value))  # nine digits of days are the longest there is
    if match is None:
        raise ValueError("write a duration such as 90s, 15min, 48h or 90d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


Duration = Annotated[timedelta, BeforeValidator(_duration)]


def _time_of_day(value: object) -> object:
    """A number is none: 9 would be nine seconds past midnight; and the zone is the place's, so none stands with it."""
    found = time_of_day(value) if isinstance(value, str) else value
    if not isinstance(found, time) or found.tzinfo is not None:
        raise ValueError('write a time of day such as "09:00"')
    return found


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]


@dataclass(frozen=True, slots=True)
class Span:
    """The durations or numbers that make sense for a setting, as people write them, and why.

    In the annotation of a setting it refuses what lies outside.
    """

    least: str
    most: str
    because: str

    def problem(self, value: timedelta | int) -> str | None:
        """What is wrong with a value; None when nothing is."""
        read: Callable[[str], Any] = _length if isinstance(value, timedelta) else int
        return None if read(self.least) <= value <= read(self.most) else f"between {self}"

    def check(self, value: timedelta | int) -> timedelta | int:
        """The value; raises ValueError outside the span."""
        wrong = self.problem(value)
        if wrong:
            raise ValueError(wrong)
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Pydantic asks what an annotation adds to a field."""
        return no_info_after_validator_function(self.check, handler(source))

    def __str__(self) -> str:
        return f"{self.least} and {self.most}: {self.because}"


def _length(words: str) -> timedelta:
    found = _duration(words)
    assert isinstance(found, timedelta)
    return found


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty: fill it in, or leave it out")
    return value.strip()


Filled = Annotated[str, AfterValidator(_filled)]


def _some_path(value: object) -> object:
    if isinstance(value, str):
        _filled(value)
        if "\0" in value:
            raise ValueError("no path has such characters")
    return value


File = Annotated[Path, BeforeValidator(_some_path)]


def _day(value: object) -> object:
    """A number is none: 5 would be a day of 1970."""
    if not isinstance(value, str | date):
        raise ValueError("write a day such as 2026-11-01")
    return value


Day = Annotated[date, BeforeValidator(_day)]


def _not_yet(value: object) -> object:
    if value not in (None, "", []):
        raise ValueError("is not built yet; leave it out (CHANGELOG.md says what is there)")
    return None


# A key that is agreed on and has no effect yet: naming it must not look as if it worked.
NotYet = Annotated[None, BeforeValidator(_not_yet)]


class Section(BaseModel):
    """A table of pana.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_truth(cls, value: object) -> object:
        if isinstance(value, bool):  # it would count as 0 or 1
            raise ValueError("true and false mean nothing here")
        return value


class TelegramSettings(Section):
    """How the bot reaches Telegram."""

    token: SecretStr | None = None
    """The bot's token from @BotFather, best in a file of mode 0600; `pana run` refuses to start without it."""
    api_url: Filled = "https://api.telegram.org"
    """The root of the Bot API server: Telegram's, or one of your own."""
    mode: Literal["polling"] = "polling"
    """How updates come: the bot asks for them, and there is no other way yet."""
    webhook_url: NotYet = None
    """The address at which Telegram would hand updates in."""
    webhook_listen: NotYet = None
    """The address and port on which the bot would wait for them."""
    webhook_secret: NotYet = None
    """The word by which Telegram's calls would be told from a stranger's."""

    @field_validator("token")
    @classmethod
    def _is_one_word(cls, value: SecretStr | None) -> SecretStr | None:
        words = ["a:b"] if value is None else value.get_secret_value().split()
        if not words:
            raise ValueError("is empty: it must be the token of @BotFather")
        if len(words) > 1:
            raise ValueError("is more than one word or line: it must be the token alone")
        if ":" not in words[0]:
            raise ValueError("is no token of @BotFather, which has digits, a colon and letters")
        return value

    @field_validator("api_url")
    @classmethod
    def _is_root(cls, value: str) -> str:
        found = urlsplit(value)
        if found.scheme not in {"http", "https"} or not found.hostname or _port_of(found) is None:
            raise ValueError("an address such as https://api.telegram.org is needed")
        return value


class DatabaseSettings(Section):
    """Where the database is."""

    url: str = "sqlite:///pana.db"
    """`sqlite:///FILE`, which counts from the folder of pana.toml, or `postgresql://USER:PASSWORD@HOST/NAME`, also as
    hosters write it."""

    @field_validator("url")
    @classmethod
    def _is_known(cls, value: str) -> str:
        return usual_url(value)


class ServerSettings(Section):
    """Files of the server itself, and who watches it."""

    key_file: File = Path("server.key")
    """The server's own keys: `pana init` makes the file, mode 0600."""
    draft_keys: Path | Literal["database"] | None = None
    """A folder of memory for the keys of open intakes, which a start of the machine then loses; or the word `database`:
    sealed in PostgreSQL, for bots on several machines. Without it they lie in the key file."""
    signing_fingerprint: Filled | None = None
    """The fingerprint of the right key file, by which a wrong one is told apart; `pana init` writes it."""
    metrics_listen: NotYet = None
    """The address and port on which figures for a monitor would be read."""
    heartbeat_url: str | None = None
    """An address that is asked once a minute while people are heard: let somebody be called when that falls silent."""

    @field_validator("draft_keys", mode="before")
    @classmethod
    def _is_somewhere(cls, value: object) -> object:
        return _some_path(value)

    @field_validator("heartbeat_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        return value if value is None else safe_address(value)


class RecoverySettings(Section):
    """Who can open every case when no lawyer can."""

    recipients: tuple[str, ...] = ()
    """Public keys (age1pq1...), each once and at least one; `pana init` writes them, and asks for two."""

    @field_validator("recipients")
    @classmethod
    def _are_recipients(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            found = tuple(check_recipient(one) for one in value)
        except SealingError as error:
            raise ValueError(str(error)) from None
        if len(set(found)) < len(found):
            raise ValueError("one recipient stands twice: who loses that key loses both")
        return found


class IntakeSettings(Section):
    """The questionnaire."""

    flow: File | None = None
    """A questionnaire instead of Kazakhstan's, with the place that it belongs to beside it (docs/writing-a-flow.md)."""
    languages: tuple[str, ...] | None = Field(None, min_length=1)
    """The languages that people may choose, in the order of their buttons; `pana oncall check` asks who speaks them.
    Left out, they are those of the questionnaire's place."""
    expires_after: Annotated[
        Duration, Span("1min", "72h", "chosen options of open intakes are readable for so long")
    ] = timedelta(hours=48)
    """How long after the last sign of life an intake that was not sent ends; a neutral message tells of it six hours
    before, or after three quarters of a shorter time (bot/rings.py)."""

    @field_validator("languages")
    @classmethod
    def _have_texts(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is not None and not set(value) <= set(NAMES):
            raise ValueError(f"Pana has texts in {', '.join(NAMES)}")
        twice = [one for one in dict.fromkeys(value or ()) if (value or ()).count(one) > 1]
        if twice:
            raise ValueError(f"{', '.join(twice)} stands there twice")
        return value


Who = Literal["on_call", "all", "coordinators", "backstop"]


class Rung(Section):
    """Who is told, and when: each rung has `after` or `at`, one of the two."""

    at: TimeOfDay | None = None
    """The time of day, by the clocks of the place, of one list of all that waits at this level; never for critical
    cases."""
    after: Duration = Field(timedelta(), validate_default=True)
    """How long after the beginning; of a rung with `at` it means nothing."""
    who: Who
    """Lawyers on call, all lawyers, coordinators, or every way outside Telegram (mail and push of members, and
    `oncall.backstop`)."""

    @field_validator("after", mode="before")
    @classmethod
    def _one_time(cls, value: object, info: ValidationInfo) -> object:
        told = not isinstance(value, timedelta)  # which only the default is
        if "at" in info.data and told == (info.data["at"] is not None):
            raise ValueError('say either after = "5min" or at = "09:00"')
        return value


class Rungs(Section):
    """The ladder of one level."""

    rungs: tuple[Rung, ...] = Field(min_length=1, max_length=20)
    """Who is told when, the earliest first; without a rung nobody would be called, and the first of `critical` calls
    lawyers at once."""
    repeat: Duration | None = None
    """How often it rings anew until somebody takes the case; none: once a rung."""
    lease: Duration | None = None
    """How long a claim holds without contact."""


def _rungs(*rungs: tuple[timedelta | time, Who], repeat: timedelta | None, lease: timedelta) -> Rungs:
    made = tuple(
        Rung.model_construct(at=when, after=timedelta(), who=who)
        if isinstance(when, time)
        else Rung.model_construct(at=None, after=when, who=who)
        for when, who in rungs
    )
    return Rungs.model_construct(rungs=made, repeat=repeat, lease=lease)


_MINUTES, _HOURS, _NOW = timedelta(minutes=1), timedelta(hours=1), timedelta()


@dataclass(frozen=True, slots=True)
class _Sense:
    """What makes sense for the ladder of a level."""

    after: Span
    repeat: Span
    lease: Span
    rings_at_once: bool = False


SENSE: Mapping[Level, _Sense] = {
    Level.critical: _Sense(
        Span("0s", "2h", "somebody may be handed over within hours"),
        Span("30s", "30min", "it rings until somebody takes the case, and must leave time to read"),
        Span("1min", "4h", "a lawyer must have time to write, and a silent one must lose the case"),
        rings_at_once=True,
    ),
    Level.high: _Sense(
        Span("0s", "48h", "there are deadlines of days"),
        Span("5min", "48h", "there are deadlines of days, and lawyers must be able to work"),
        Span("5min", "48h", "a lawyer must have time to write, and a silent one must lose the case"),
    ),
    Level.normal: _Sense(
        Span("0s", "14d", "a case that waits longer is forgotten"),
        Span("1h", "14d", "what can wait must not ring all day"),
        Span("1h", "14d", "a lawyer must have time to write, and a silent one must lose the case"),
    ),
}


def _senseless(level: Level, rungs: Rungs) -> Iterator[str]:
    """What cannot be meant in the ladder of a level, each line with the key's name."""
    sense, timed = SENSE[level], [one.after for one in rungs.rungs if one.at is None]
    spans = [("repeat", sense.repeat, rungs.repeat), ("lease", sense.lease, rungs.lease)]
    spans += [(f"rungs.{number}.after", sense.after, after) for number, after in enumerate(timed)]
    for name, span, value in spans:
        wrong = None if value is None else span.problem(value)
        if wrong:
            yield f"{name}: {wrong}"
    if timed != sorted(timed):
        yield "rungs: stand out of order: the earliest first"
    if sense.rings_at_once:
        yield from _not_at_once(rungs.rungs)


def _not_at_once(rungs: Sequence[Rung]) -> Iterator[str]:
    """Why a ladder that must ring at once does not."""
    if any(one.at is not None for one in rungs):
        yield 'rungs: "at" is for what can wait until that hour: use "after"'
    elif rungs[0].after or rungs[0].who not in {"on_call", "all"}:
        yield 'rungs: nobody is called at once: begin with {after = "0s", who = "on_call"} or "all"'


class Ladder(Section):
    """Who is told at which level, and when. What is left out of a level stays as it is by default."""

    critical: Rungs = _rungs(
        (_NOW, "on_call"),
        (5 * _MINUTES, "all"),
        (10 * _MINUTES, "coordinators"),
        (15 * _MINUTES, "backstop"),
        repeat=2 * _MINUTES,
        lease=15 * _MINUTES,
    )
    """Somebody may be handed over within hours."""
    high: Rungs = _rungs(
        (_NOW, "on_call"),
        (_HOURS, "all"),
        (4 * _HOURS, "coordinators"),
        repeat=4 * _HOURS,
        lease=4 * _HOURS,
    )
    """There is a deadline of days."""
    normal: Rungs = _rungs(
        (time(9), "on_call"),
        (48 * _HOURS, "coordinators"),
        repeat=None,
        lease=48 * _HOURS,
    )
    """What can wait for a list in the morning."""

    def rungs_for(self, level: Level) -> Rungs:
        """The ladder of a level."""
        match level:
            case Level.critical:
                return self.critical
            case Level.high:
                return self.high
            case Level.normal:
                return self.normal

    @field_validator("critical", "high", "normal", mode="before")
    @classmethod
    def _with_defaults(cls, value: object, info: ValidationInfo) -> object:
        usual = cls.model_fields[info.field_name or ""].default
        if not isinstance(value, dict):
            return value
        return {name: getattr(usual, name) for name in Rungs.model_fields} | value

    @field_validator("critical", "high", "normal")
    @classmethod
    def _makes_sense(cls, value: Rungs, info: ValidationInfo) -> Rungs:
        wrong = list(_senseless(Level(info.field_name or ""), value))
        if wrong:
            raise Several(wrong)
        return value


class OncallSettings(Section):
    """Who is called, and when."""

    ladder: Ladder = Ladder()
    rota: File | None = None
    """A calendar (iCalendar) of shifts, exported from any program; it is read again when it changes."""
    open_claims: Annotated[int, Span("1", "100", "with none nobody would be on call, and more are no limit")] = 5
    """Who holds so many cases is only called with everybody."""
    claims_a_day: Annotated[int, Span("1", "1000", "with none nobody could take a case, and more are no limit")] = 20
    """The most that one lawyer may take in 24 hours, while another one could take the case."""
    backstop: tuple[str, ...] = ()
    """Addresses told when nobody in Telegram helps: mailto:NAME@HOST, or https://... in ntfy's form."""

    @field_validator("backstop")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        mail = re.compile(r"mailto:[^\s@]+@[^\s@]+")
        return tuple(one if mail.fullmatch(one) else safe_address(one) for one in value)


def _port_of(address: SplitResult) -> int | None:
    """The port of an address, 0 where it names none; None when what stands there is no port."""
    try:
        return address.port or 0
    except ValueError:
        return None


def safe_address(value: str) -> str:
    """An https address, or http on this machine; raises ValueError."""
    found = urlsplit(value)
    if _port_of(found) is None or value != value.strip():
        raise ValueError("cannot be read as an address")
    local = found.scheme == "http" and found.hostname in {"127.0.0.1", "localhost", "::1"}
    if not found.hostname or not (found.scheme == "https" or local):
        raise ValueError("an https address is needed")
    return value


class MailSettings(Section):
    """The mail server that says "a case is waiting" to members who want it. TLS always; without `host` no mail."""

    host: Filled | None = None
    """The name of the server."""
    port: Annotated[int, Span("1", "65535", "no other is a port of TCP")] = 465
    """Its port: usually 465 with `tls`, 587 with `starttls`."""
    security: Literal["tls", "starttls"] = "tls"
    """TLS from the first byte, or begun by STARTTLS; a server that offers neither gets no mail."""
    username: Filled | None = None
    """The account at the server, where it asks for one."""
    password: SecretStr | None = None
    """The password of that account."""
    sender: Filled | None = None
    """The address that mail comes from; needed with `host`."""
    ca_file: File | None = None
    """Certificates (PEM) of your own authority, trusted in the place of the machine's."""

    @field_validator("host")
    @classmethod
    def _is_name(cls, value: str | None) -> str | None:
        if value is not None and re.search(r"[\s/@]", value):
            raise ValueError("the name of a server alone is needed, such as mail.example.org")
        return value

    @field_validator("sender")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[^\s@]+@[^\s@]+", value):
            raise ValueError("an address such as pana@example.org is needed")
        return value


class PushSettings(Section):
    """Access to members' push addresses (ntfy): a token for one server, where it asks for one; no other gets it."""

    server: str | None = None
    """The server that the token belongs to, such as https://ntfy.example.org."""
    token: SecretStr | None = None
    """The token; needs `server`."""

    @field_validator("server")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        return value if value is None else safe_address(value)

    def token_for(self, address: str) -> str | None:
        """The token, for an address at the server that it belongs to."""
        if self.token is None or self.server is None or urlsplit(address)[:2] != urlsplit(self.server)[:2]:
            return None
        return self.token.get_secret_value()


class Contact(Section):
    """Public numbers shown on the card of a request that was sent, in this order, whatever its language."""

    label: Filled
    """Whose number it is."""
    number: Filled
    """The number, as people dial it."""
    verified_at: Day
    """The day on which somebody last called it; for you, it is not shown."""


class BotSettings(Section):
    """The public face; the defaults say nothing about what the bot is for."""

    name: Filled = Field("Anketa", max_length=64)
    """The bot's name in Telegram (Bot API, setMyName), set at each start."""
    about: Filled | None = Field(None, max_length=120)
    """The line on its profile (Bot API, setMyShortDescription), set at each start. Without it: how to begin."""
    commands: NotYet = None
    """The words of its menu."""


class RetentionSettings(Section):
    """How long cases stay."""

    closed_after: Annotated[
        Duration, Span("1d", "3650d", "a wrong closing must be seen, and nothing is kept for ever")
    ] = timedelta(days=90)
    """How long after its closing a case is erased."""
    unclaimed_after: Annotated[
        Duration, Span("14d", "3650d", "none is erased while somebody is still to be called")
    ] = timedelta(days=180)
    """How long a case stays that nobody took, or that was claimed and of which nobody has heard since."""


class Settings(Section):
    """The whole configuration; relative paths have been made absolute."""

    telegram: TelegramSettings = TelegramSettings()
    database: DatabaseSettings = DatabaseSettings()
    server: ServerSettings = ServerSettings()
    recovery: RecoverySettings = RecoverySettings()
    intake: IntakeSettings = IntakeSettings()
    oncall: OncallSettings = OncallSettings()
    mail: MailSettings = MailSettings()
    push: PushSettings = PushSettings()
    contacts: tuple[Contact, ...] = ()
    bot: BotSettings = BotSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def flow_file(self) -> Path:
        """The questionnaire's file: the configured one or Kazakhstan's."""
        return self.intake.flow or _USUAL_FLOW

    @property
    def place_file(self) -> Path:
        """The file of the place that the questionnaire belongs to."""
        return place_of(self.flow_file)


_USUAL_FLOW = Path(__file__).parent.parent / "flows" / "kazakhstan" / "intake.yaml"


def place_of(flow: Path) -> Path:
    """The file of a questionnaire's place: `place.yaml` beside it, or where there is none, Kazakhstan's."""
    beside = flow.parent / "place.yaml"
    return beside if beside.is_file() else _USUAL_FLOW.with_name("place.yaml")


def load_settings(path: Path, environment: Mapping[str, str] = os.environ, *, to_run: bool = False) -> Settings:
    """Reads and checks the configuration; raises ConfigurationError with every problem at once.

    `to_run`: also that there is what only the bot itself needs.
    """
    problems: list[str] = []
    data = _from_file(path, problems)
    whole = not problems  # without its file, what depends on two settings cannot be judged
    _from_environment(data, environment, problems)
    settings, wrong = _judged(data, problems)
    if whole:
        problems += _lacking(settings, wrong)
    if whole and to_run and settings.telegram.token is None and not wrong & {("telegram",), ("telegram", "token")}:
        problems.append("telegram.token: is missing; set PANA_TELEGRAM_TOKEN_FILE to a file that holds it")
    if problems:
        raise ConfigurationError(problems)
    return _absolute(settings, path.resolve().parent)


def database_url_from_environment(folder: Path, environment: Mapping[str, str] = os.environ) -> str | None:
    """The database that the environment names, for `pana init`, which has no configuration file in `folder` yet."""
    problems: list[str] = []
    data: dict[str, Any] = {}
    given = {name: value for name, value in environment.items() if name.startswith("PANA_DATABASE_URL")}
    _from_environment(data, given, problems)
    named = "database" in data
    settings, _ = _judged(data, problems)
    if problems:
        raise ConfigurationError(problems)
    return _url_from(settings.database.url, folder.resolve()) if named else None


def _judged(data: dict[str, Any], problems: list[str]) -> tuple[Settings, set[Place]]:
    """Settings without what is wrong, which is told and left out, so that all of the rest is judged; and its places."""
    wrong = set[Place]()
    while True:
        try:
            return Settings.model_validate(data), wrong
        except ValidationError as error:
            faults = error.errors(include_input=False, include_url=False)
            problems += said(Settings, faults)
            wrong |= left_out(data, faults)


# A setting without which another one means nothing, and why.
_TOGETHER = {
    ("mail", "sender"): ("host", ""),
    ("push", "server"): ("token", ": the token goes to that server alone"),
}


def _lacking(settings: Settings, wrong: set[Place]) -> Iterator[str]:
    """What is missing, or goes ill with another setting; of what is wrong by itself only that is told."""

    def there(section: str, key: str) -> bool:
        return bool(wrong & {(section,), (section, key)} or getattr(getattr(settings, section), key))

    for (section, key), (other, because) in _TOGETHER.items():
        if there(section, other) and not there(section, key):
            yield f"{section}.{key}: is needed together with {section}.{other}{because}"
    if not there("recovery", "recipients"):
        yield "recovery.recipients: at least one recipient is needed; `pana init --recovery` writes it"
    in_a_file = settings.database.url.startswith("sqlite") and not wrong & {("database",), ("database", "url")}
    if settings.server.draft_keys == "database" and in_a_file:
        yield "server.draft_keys: keys rest in the database only where database.url names a PostgreSQL"


def strange_variables(environment: Mapping[str, str] = os.environ) -> Sequence[str]:
    """Variables that begin with PANA_ and name no section: a container platform sets such, so they are not refused."""
    return sorted(
        name
        for name in environment
        if name.startswith("PANA_") and name not in NOT_SETTINGS and _section_of(name) not in Settings.model_fields
    )


def _section_of(variable: str) -> str:
    return variable.removeprefix("PANA_").lower().partition("_")[0]


def _from_file(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except FileNotFoundError:
        problems.append(f"{path}: there is no such file; `pana init` makes one, `-c FILE` names another")
    except OSError as error:
        problems.append(f"{path}: {why(error)}")
    except Refused as error:
        problems.append(str(error))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(f"{path}: not TOML: {error}")
    return {}


def _from_environment(data: dict[str, Any], environment: Mapping[str, str], problems: list[str]) -> None:
    strange = set(strange_variables(environment))
    names = sorted(name for name in environment if name.startswith("PANA_") and name not in {*NOT_SETTINGS, *strange})
    found = {name: variable_of(Settings, name) for name in names}
    problems += [f"{name}: there is no such setting" for name, one in found.items() if one is None]
    for variable in sorted(filter(None, found.values()), key=lambda one: len(one.place)):  # a part after the whole
        try:
            put(data, variable.place, variable.value(environment))
        except ValueError as error:
            problems.append(f"{variable.name}: {error}")


def _url_from(url: str, folder: Path) -> str:
    """A relative SQLite path counts from a folder."""
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////") and url != "sqlite:///:memory:":
        return f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    return url


def _absolute(settings: Settings, folder: Path) -> Settings:
    def here(path: Path) -> Path:
        return path if path.is_absolute() else folder / path

    drafts = settings.server.draft_keys
    flow, rota, ca_file = settings.intake.flow, settings.oncall.rota, settings.mail.ca_file
    return settings.model_copy(
        update={
            "database": DatabaseSettings(url=_url_from(settings.database.url, folder)),
            "server": settings.server.model_copy(
                update={
                    "key_file": here(settings.server.key_file),
                    "draft_keys": here(drafts) if isinstance(drafts, Path) else drafts,
                }
            ),
            "intake": settings.intake.model_copy(update={"flow": here(flow) if flow else None}),
            "oncall": settings.oncall.model_copy(update={"rota": here(rota) if rota else None}),
            "mail": settings.mail.model_copy(update={"ca_file": here(ca_file) if ca_file else None}),
        }
    )
