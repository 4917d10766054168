"""Settings: the environment, checked as a whole."""

import difflib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from dotenv.parser import Binding, parse_stream
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)

from bot.domain.address import read_channel
from bot.domain.burst import Burst, read_burst
from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.duration import duration
from bot.domain.zone import read_zone
from bot.errors import SettingsError
from bot.setting_values import (
    Listen,
    Network,
    Subscribers,
    channels,
    client_id,
    client_secret,
    contact,
    database,
    discord_token,
    endpoint,
    fernet_keys,
    lease,
    listen,
    networks,
    retention,
    signing_secret,
    slack_people,
    slack_token,
    subscribers,
)

_FEEDS_SETTING: Final = "NEWSBOT_FEEDS"
_FEEDS_DEFAULT: Final = "feeds.yaml"
_BESIDE_FEEDS: Final = {"NEWSBOT_RULES": "rules", "DATABASE_URL": "sqlite:///newsbot.db"}
"""Defaults that are read like what people write, since they depend on where feeds.yaml lies."""
_PREFIX: Final = "NEWSBOT_"
_NEAR_ENOUGH: Final = 0.8
_INSTALLING: Final = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "NEWSBOT_SECRET_KEY")
_HEARING: Final = ("SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
_QUOTES: Final = "\"'“”‘’`"


def _beside_feeds(text: str, info: ValidationInfo) -> Path:
    feeds: Path = info.data["feeds"]
    return feeds.parent / Path(text).expanduser()


def _database(text: str, info: ValidationInfo) -> SecretStr:
    feeds: Path = info.data["feeds"]
    return SecretStr(database(text, feeds.parent))


_BotToken = Annotated[
    SecretStr, BeforeValidator(partial(slack_token, beginning="xoxb-", page="OAuth & Permissions"))
]
_AppToken = Annotated[
    SecretStr,
    BeforeValidator(
        partial(slack_token, beginning="xapp-", page="Basic Information, App-Level Tokens")
    ),
]
_SigningSecret = Annotated[SecretStr, BeforeValidator(signing_secret)]
_SecretKeys = Annotated[tuple[SecretStr, ...], BeforeValidator(fernet_keys)]
_ClientSecret = Annotated[SecretStr, BeforeValidator(client_secret)]
_DiscordToken = Annotated[SecretStr, BeforeValidator(discord_token)]
_Retention = Annotated[timedelta, BeforeValidator(retention)]
_Lease = Annotated[timedelta, BeforeValidator(lease)]
_Channels = Annotated[tuple[Channel, ...], BeforeValidator(channels)]
_Contact = Annotated[str, BeforeValidator(contact)]
_Endpoint = Annotated[str, BeforeValidator(partial(endpoint, schemes=("https", "http")))]
_Gateway = Annotated[str, BeforeValidator(partial(endpoint, schemes=("wss", "ws")))]


class Settings(BaseModel):
    """What the environment says, in the domain's types; built by `load_settings`.

    Attributes:
        feeds: The list of feeds.
        rules: The directory of rule files.
        slack_bot_token: Posts to Slack; None where Slack is not used.
        slack_app_token: Receives Slack's commands over Socket Mode.
        slack_signing_secret: Receives them over HTTP, where there is no app token.
        slack_client_id: By which people add newsbot to workspaces of their own; None where nobody
            may.
        slack_client_secret: Goes with it.
        secret_keys: Seal the tokens of those workspaces; the first seals, each opens.
        subscribe: Who may change what a channel follows, being in it.
        slack_managers: People and groups who may manage besides the workspace's administrators.
        discord_token: Posts to Discord and receives its commands; None where it is not used.
        database_url: For SQLAlchemy, with an async driver; secret for its password.
        slack_api_url: Goes in place of Slack's own address.
        discord_api_url: Goes in place of Discord's own address.
        discord_gateway_url: Goes in place of the gateway that Discord names.
        allow_private_feeds: Networks that feeds may come from besides the public ones.
        http_listen: Where newsbot listens, where it is to be reached over HTTP.
        ops_channel: Where whoever runs newsbot reads its notices.
        time_zone: Of the times people type in chat, and of digests unless they say another.
        burst: How many alerts a channel is sent one by one in how long; what is beyond goes out in
            a digest.
        retention: How long entries are kept.
        alert_expiry: An alert that could not be delivered for so long is not sent any more.
        contact: Told to publishers in the User-Agent: a page or a mail address.
        hold_unclear: Channels in which nothing is sent again that may stand there already.
        lease: How long a process may take to post what it has begun to post.
    """

    model_config = ConfigDict(frozen=True)

    feeds: Path = Field(validation_alias=_FEEDS_SETTING)
    rules: Annotated[Path, BeforeValidator(_beside_feeds)] = Field(validation_alias="NEWSBOT_RULES")
    slack_bot_token: _BotToken | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: _AppToken | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: _SigningSecret | None = Field(
        None, validation_alias="SLACK_SIGNING_SECRET"
    )
    slack_client_id: Annotated[str, BeforeValidator(client_id)] | None = Field(
        None, validation_alias="SLACK_CLIENT_ID"
    )
    slack_client_secret: _ClientSecret | None = Field(None, validation_alias="SLACK_CLIENT_SECRET")
    secret_keys: _SecretKeys = Field((), validation_alias="NEWSBOT_SECRET_KEY")
    slack_managers: Annotated[frozenset[str], BeforeValidator(slack_people)] = Field(
        frozenset(), validation_alias="NEWSBOT_SLACK_MANAGERS"
    )
    subscribe: Annotated[Subscribers, BeforeValidator(subscribers)] = Field(
        Subscribers.ANYONE, validation_alias="NEWSBOT_SUBSCRIBE"
    )
    discord_token: _DiscordToken | None = Field(None, validation_alias="DISCORD_TOKEN")
    database_url: Annotated[SecretStr, BeforeValidator(_database)] = Field(
        validation_alias="DATABASE_URL"
    )
    slack_api_url: _Endpoint | None = Field(None, validation_alias="NEWSBOT_SLACK_API_URL")
    discord_api_url: _Endpoint | None = Field(None, validation_alias="NEWSBOT_DISCORD_API_URL")
    discord_gateway_url: _Gateway | None = Field(
        None, validation_alias="NEWSBOT_DISCORD_GATEWAY_URL"
    )
    allow_private_feeds: Annotated[tuple[Network, ...], BeforeValidator(networks)] = Field(
        (), validation_alias="NEWSBOT_ALLOW_PRIVATE_FEEDS"
    )
    http_listen: Annotated[Listen, BeforeValidator(listen)] = Field(
        Listen("127.0.0.1", 8080), validation_alias="NEWSBOT_HTTP_LISTEN"
    )
    ops_channel: Annotated[Channel, BeforeValidator(read_channel)] = Field(
        CONSOLE, validation_alias="NEWSBOT_OPS_CHANNEL"
    )
    time_zone: Annotated[ZoneInfo, BeforeValidator(read_zone)] = Field(
        ZoneInfo("UTC"), validation_alias="NEWSBOT_TIME_ZONE"
    )
    burst: Annotated[Burst | None, BeforeValidator(read_burst)] = Field(
        Burst(10, timedelta(minutes=5)), validation_alias="NEWSBOT_BURST"
    )
    retention: _Retention = Field(timedelta(days=90), validation_alias="NEWSBOT_RETENTION")
    alert_expiry: Annotated[timedelta, BeforeValidator(duration)] = Field(
        timedelta(hours=24), validation_alias="NEWSBOT_ALERT_EXPIRY"
    )
    contact: _Contact | None = Field(None, validation_alias="NEWSBOT_CONTACT")
    hold_unclear: _Channels = Field((), validation_alias="NEWSBOT_HOLD_UNCLEAR")
    lease: _Lease = Field(timedelta(minutes=2), validation_alias="NEWSBOT_LEASE")

    @property
    def listens(self) -> bool:
        """Whether it is said where to listen, and so meant."""
        return "http_listen" in self.model_fields_set

    @property
    def platforms(self) -> frozenset[Platform]:
        """Those newsbot posts on: the ones it has tokens for, and the console."""
        slack = self.slack_bot_token or self.slack_client_id
        tokens = {Platform.SLACK: slack, Platform.DISCORD: self.discord_token}
        return frozenset({Platform.CONSOLE, *(name for name, token in tokens.items() if token)})

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The environment variables newsbot reads."""
        return tuple(str(field.validation_alias) for field in cls.model_fields.values())


def load_settings(environ: Mapping[str, str], directory: Path) -> Settings:
    """Check the environment and the `.env` beside feeds.yaml.

    Args:
        environ: The process's environment, which goes before `.env`.
        directory: Where newsbot was started; a relative NEWSBOT_FEEDS begins there, every other
            relative path beside feeds.yaml.

    Raises:
        SettingsError: Anything is wrong; names every mistake, a line each, and no secret's value.
    """
    mistakes: list[str] = []
    given = _environment(environ, directory, mistakes)
    values = {name: given[name] for name in Settings.names() if given.get(name)}
    mistakes += _misspelled(given)
    mistakes += _half_given(values)
    for name in [name for name, value in values.items() if _problem_of_form(value)]:
        mistakes.append(f"{name}: {_problem_of_form(values.pop(name))}")
    feeds = directory / Path(values.get(_FEEDS_SETTING, _FEEDS_DEFAULT)).expanduser()
    settings = _checked({**_BESIDE_FEEDS, **values, _FEEDS_SETTING: feeds}, mistakes)
    if settings is None or mistakes:
        raise SettingsError("\n".join(mistakes))
    return settings


def read_environment(environ: Mapping[str, str], directory: Path) -> dict[str, str]:
    """The environment with what `.env` beside feeds.yaml adds; `${NAME}` references lead here.

    Raises:
        SettingsError: `.env` cannot be read.
    """
    mistakes: list[str] = []
    given = _environment(environ, directory, mistakes)
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return given


def _environment(
    environ: Mapping[str, str], directory: Path, mistakes: list[str]
) -> dict[str, str]:
    feeds = Path(environ.get(_FEEDS_SETTING) or _FEEDS_DEFAULT).expanduser()
    file = (directory / feeds).parent / ".env"
    named = file.relative_to(directory) if file.is_relative_to(directory) else file
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        text = ""
    except UnicodeDecodeError:
        mistakes.append(f"{named}: is not in UTF-8; save it with the encoding UTF-8")
        text = ""
    except OSError as error:
        mistakes.append(f"{named}: cannot be read: {error.strerror}")
        text = ""
    bindings = list(parse_stream(StringIO(text)))
    mistakes += [
        f"{named}:{binding.original.line}: is no setting; write NAME=value"
        for binding in bindings
        if not _is_setting(binding)
    ]
    return {**dict(_values(bindings)), **environ}


def _is_setting(binding: Binding) -> bool:
    if binding.error or (binding.key is not None and binding.value is None):
        return False
    return binding.key is None or binding.key.isidentifier()


def _values(bindings: list[Binding]) -> Iterator[tuple[str, str]]:
    for binding in bindings:
        if binding.key is not None and binding.value is not None:
            yield binding.key, binding.value


def _misspelled(given: Mapping[str, str]) -> Iterator[str]:
    known = [name.removeprefix(_PREFIX) for name in Settings.names() if name.startswith(_PREFIX)]
    for name in given:
        rest = name.removeprefix(_PREFIX)
        if rest != name and rest not in known:
            for near in difflib.get_close_matches(rest, known, 1, _NEAR_ENOUGH):
                yield f"{name}: there is no such setting; did you mean {_PREFIX}{near}?"


def _half_given(values: Mapping[str, str]) -> Iterator[str]:
    """What is missing for people to add newsbot to workspaces of their own."""
    given = [name for name in _INSTALLING if name in values]
    if not given:
        return
    for name in _INSTALLING:
        if name not in values:
            yield f"{name}: is missing; {given[0]} is of no use without it"
    if not any(name in values for name in _HEARING):
        yield f"{_HEARING[0]}: is missing; without it no workspace that adds newsbot could ask it"


def _problem_of_form(value: str) -> str:
    if value != value.strip():
        return "has spaces or a line break around it; remove them"
    if value[0] in _QUOTES or value[-1] in _QUOTES:
        return "has quotes around it; remove them"
    return ""


def _checked(values: Mapping[str, object], mistakes: list[str]) -> Settings | None:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        mistakes += [
            f"{problem['loc'][0]}: {problem['ctx']['error']}"
            for problem in error.errors(include_url=False, include_input=False)
        ]
        return None
