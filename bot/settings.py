"""Settings: the environment, checked as a whole."""

import difflib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

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
from bot.domain.zone import read_zone
from bot.environment import FEEDS_DEFAULT, FEEDS_SETTING, Environment, look_up
from bot.errors import SettingsError
from bot.setting_values import (
    Listen,
    Network,
    Subscribers,
    alert_expiry,
    channels,
    contact,
    credential,
    database,
    discord_token,
    endpoint,
    fernet_keys,
    lease,
    listen,
    networks,
    retention,
    slack_people,
    slack_token,
    subscribers,
)

_BESIDE_FEEDS: Final = {"NEWSBOT_RULES": "rules", "DATABASE_URL": "sqlite:///newsbot.db"}
"""Defaults that are read like what people write, since they depend on where feeds.yaml lies."""
_PREFIX: Final = "NEWSBOT_"
_OF_TESTS: Final = ("NEWSBOT_CORPUS", "NEWSBOT_TEST_")
"""What the tests and benches read."""
_PLATFORMS: Final = ("SLACK_", "DISCORD_")
_LISTED: Final = "docs/configuration.md lists them all"
_NEAR_ENOUGH: Final = 0.8
_POSTING: Final = ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID")
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
_SigningSecret = Annotated[SecretStr, BeforeValidator(partial(credential, what="signing secret"))]
_SecretKeys = Annotated[tuple[SecretStr, ...], BeforeValidator(fernet_keys)]
_ClientId = Annotated[str, BeforeValidator(partial(credential, what="client ID"))]
_ClientSecret = Annotated[SecretStr, BeforeValidator(partial(credential, what="client secret"))]
_DiscordToken = Annotated[SecretStr, BeforeValidator(discord_token)]
_Retention = Annotated[timedelta, BeforeValidator(retention)]
_Expiry = Annotated[timedelta, BeforeValidator(alert_expiry)]
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

    feeds: Path = Field(validation_alias=FEEDS_SETTING)
    rules: Annotated[Path, BeforeValidator(_beside_feeds)] = Field(validation_alias="NEWSBOT_RULES")
    slack_bot_token: _BotToken | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: _AppToken | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: _SigningSecret | None = Field(
        None, validation_alias="SLACK_SIGNING_SECRET"
    )
    slack_client_id: _ClientId | None = Field(None, validation_alias="SLACK_CLIENT_ID")
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
    alert_expiry: _Expiry = Field(timedelta(hours=24), validation_alias="NEWSBOT_ALERT_EXPIRY")
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
    found = look_up(environ, directory)
    given = found.values
    values = {name: given[name] for name in Settings.names() if given.get(name)}
    mistakes = [*found.mistakes, *_refused_names(found), *_half_given(values)]
    malformed = [name for name, value in values.items() if _problem_of_form(value)]
    mistakes += [f"{found.named(name)}: {_problem_of_form(values.pop(name))}" for name in malformed]
    feeds = directory / Path(values.get(FEEDS_SETTING, FEEDS_DEFAULT)).expanduser()
    settings = _checked({**_BESIDE_FEEDS, **values, FEEDS_SETTING: feeds}, found, mistakes)
    if settings is None or mistakes:
        raise SettingsError("\n".join(mistakes))
    return settings


def files(found: Environment, directory: Path) -> tuple[Path, Path]:
    """Where feeds.yaml and the rules are, whatever else is wrong with the settings.

    Args:
        found: What is set.
        directory: Where newsbot was started.
    """
    given = {**_BESIDE_FEEDS, **{name: value for name, value in found.values.items() if value}}
    feeds = directory / Path(given.get(FEEDS_SETTING, FEEDS_DEFAULT)).expanduser()
    return feeds, feeds.parent / Path(given["NEWSBOT_RULES"]).expanduser()


def doubts(environ: Mapping[str, str], directory: Path) -> list[str]:
    """What is set to no effect, and may have been meant to have one: a line for a person each.

    A name of the environment is not refused for being unknown: whoever starts newsbot may put some
    there, as Kubernetes puts NEWSBOT_PORT for a service called newsbot.
    """
    found = look_up(environ, directory)
    given = {name: value for name, value in found.values.items() if value}
    told = []
    if unknown := [name for name in environ if name in given and _is_unknown(name)]:
        told.append(f"{', '.join(unknown)}: ignored, as newsbot has no such setting; {_LISTED}")
    for name in sorted(given.keys() - set(Settings.names())):
        near = _near(name)
        if name.startswith(_PLATFORMS) and near and near not in given:
            told.append(f"{found.named(name)}: ignored; did you mean {near}?")
    if not given.keys() & _POSTING:
        told += [
            f"{found.named(name)}: ignored, as {_POSTING[0]} is not set"
            for name in _HEARING
            if name in given
        ]
    return told


def _refused_names(found: Environment) -> Iterator[str]:
    """Misspelt settings; in `.env`, which is newsbot's own file, whatever is none."""
    for name in filter(_is_unknown, {**found.own, **found.lines}):
        line, near = found.lines.get(name), _near(name)
        if line or near:
            place = f"{line.place}: " if line else ""
            remedy = f"did you mean {near}?" if near else _LISTED
            yield f"{place}{name}: there is no such setting; {remedy}"


def _is_unknown(name: str) -> bool:
    known = name in Settings.names() or name.startswith(_OF_TESTS)
    return name.startswith(_PREFIX) and not known


def _near(name: str) -> str | None:
    """The setting that is meant, if one is: a prefix too many or too few is forgiven."""
    known = {name.removeprefix(_PREFIX): name for name in Settings.names()}
    near = difflib.get_close_matches(name.removeprefix(_PREFIX), known, 1, _NEAR_ENOUGH)
    return known[near[0]] if near else None


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


def _checked(
    values: Mapping[str, object], found: Environment, mistakes: list[str]
) -> Settings | None:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        mistakes += [
            f"{found.named(str(problem['loc'][0]))}: {problem['ctx']['error']}"
            for problem in error.errors(include_url=False, include_input=False)
        ]
        return None
