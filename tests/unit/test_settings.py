"""The environment, checked as a whole."""

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.domain.burst import Burst
from bot.domain.channel import CONSOLE, Channel, Platform
from bot.environment import read_environment
from bot.errors import SettingsError
from bot.settings import Settings, doubts, load_settings

DIRECTORY = Path("/srv/newsbot")


def _mistakes(environ: dict[str, str], directory: Path = DIRECTORY) -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        load_settings(environ, directory)
    return str(refusal.value).splitlines()


def _database(url: str, directory: Path = DIRECTORY) -> str:
    return load_settings({"DATABASE_URL": url}, directory).database_url.get_secret_value()


def test_nothing_set_is_enough_to_run_on_the_console() -> None:
    settings = load_settings({}, DIRECTORY)
    assert settings.feeds == DIRECTORY / "feeds.yaml"
    assert settings.rules == DIRECTORY / "rules"
    assert (settings.slack_bot_token, settings.slack_app_token, settings.discord_token) == (
        None,
        None,
        None,
    )
    assert settings.database_url.get_secret_value() == (
        "sqlite+aiosqlite:////srv/newsbot/newsbot.db"
    )
    assert (settings.slack_api_url, settings.discord_api_url) == (None, None)
    assert settings.discord_gateway_url is None
    assert settings.allow_private_feeds == ()
    assert settings.ops_channel == CONSOLE
    assert (settings.retention, settings.alert_expiry) == (timedelta(days=90), timedelta(hours=24))
    assert settings.contact is None


def test_every_setting_is_read() -> None:
    settings = load_settings(
        {
            "NEWSBOT_FEEDS": "desk/feeds.yaml",
            "NEWSBOT_RULES": "topics",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2,
            "NEWSBOT_SLACK_MANAGERS": "U0123, S0456,",
            "NEWSBOT_HTTP_LISTEN": "[::1]:9000",
            "DISCORD_TOKEN": "a.b.c",
            "DATABASE_URL": "sqlite:///news.db",
            "NEWSBOT_SLACK_API_URL": "http://127.0.0.1:8080/api/",
            "NEWSBOT_DISCORD_API_URL": "https://proxy.example/api",
            "NEWSBOT_DISCORD_GATEWAY_URL": "ws://127.0.0.1:9/",
            "NEWSBOT_ALLOW_PRIVATE_FEEDS": "10.1.0.0/16, 127.0.0.1,fd00::/8,",
            "NEWSBOT_OPS_CHANNEL": "slack:C0123ABCD",
            "NEWSBOT_RETENTION": "30d",
            "NEWSBOT_TIME_ZONE": "europe/berlin",
            "NEWSBOT_BURST": "5/10m",
            "NEWSBOT_ALERT_EXPIRY": "6h",
            "NEWSBOT_CONTACT": "https://example.org/newsbot",
        },
        DIRECTORY,
    )
    assert settings.feeds == DIRECTORY / "desk/feeds.yaml"
    assert settings.rules == DIRECTORY / "desk/topics"
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"
    assert settings.slack_app_token is not None
    assert settings.slack_app_token.get_secret_value() == "xapp-1"
    assert settings.slack_signing_secret is not None
    assert settings.slack_signing_secret.get_secret_value() == "0123456789abcdef" * 2
    assert settings.slack_managers == {"U0123", "S0456"}
    assert settings.http_listen == ("::1", 9000)
    assert str(settings.http_listen) == "[::1]:9000"
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "a.b.c"
    assert settings.database_url.get_secret_value() == (
        "sqlite+aiosqlite:////srv/newsbot/desk/news.db"
    )
    assert settings.slack_api_url == "http://127.0.0.1:8080/api/"
    assert settings.discord_api_url == "https://proxy.example/api"
    assert settings.discord_gateway_url == "ws://127.0.0.1:9/"
    assert settings.allow_private_feeds == (
        ip_network("10.1.0.0/16"),
        ip_network("127.0.0.1/32"),
        ip_network("fd00::/8"),
    )
    assert settings.ops_channel == Channel(Platform.SLACK, "C0123ABCD")
    assert settings.time_zone.key == "Europe/Berlin"
    assert settings.burst == Burst(5, timedelta(minutes=10))
    assert (settings.retention, settings.alert_expiry) == (timedelta(days=30), timedelta(hours=6))
    assert settings.contact == "https://example.org/newsbot"


def test_an_empty_variable_is_not_set() -> None:
    assert load_settings({"SLACK_BOT_TOKEN": "", "NEWSBOT_FEEDS": ""}, DIRECTORY) == load_settings(
        {}, DIRECTORY
    )


def test_a_mail_address_is_a_contact() -> None:
    assert load_settings({"NEWSBOT_CONTACT": "desk@example.org"}, DIRECTORY).contact


def test_settings_do_not_change_and_do_not_show_secrets() -> None:
    settings = load_settings(
        {"SLACK_BOT_TOKEN": "xoxb-hush", "DATABASE_URL": "postgres://u:hush@h/d"}, DIRECTORY
    )
    assert "hush" not in repr(settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.contact = "x"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgres://u:p%40w@db:5433/news", "postgresql+asyncpg://u:p%40w@db:5433/news"),
        ("postgresql://db/news", "postgresql+asyncpg://db/news"),
        ("postgresql+asyncpg://db/news", "postgresql+asyncpg://db/news"),
        ("postgres://db/n?sslmode=require&a=", "postgresql+asyncpg://db/n?ssl=require&a="),
        ("sqlite:///news.db", "sqlite+aiosqlite:////srv/newsbot/news.db"),
        ("sqlite:////var/news.db", "sqlite+aiosqlite:////var/news.db"),
        ("sqlite+aiosqlite:///news.db", "sqlite+aiosqlite:////srv/newsbot/news.db"),
    ],
)
def test_a_database_is_given_its_async_driver(written: str, read: str) -> None:
    assert _database(written) == read


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xapp-hush", "is an app-level token; it belongs in SLACK_APP_TOKEN"),
        ("SLACK_BOT_TOKEN", "xoxp-hush", "is a person's token, which newsbot does not use"),
        ("SLACK_BOT_TOKEN", "hush", "does not look like a token; copy the one that begins xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-hush hush", "does not look like a token"),
        ("SLACK_BOT_TOKEN", "xoxb-hush\thush", "does not look like a token"),
        ("SLACK_BOT_TOKEN", "xoxb-", "does not look like a token"),
        ("SLACK_APP_TOKEN", "xoxb-hush", "is a bot token; it belongs in SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_SECRET", "hush", "does not look like a signing secret"),
        ("SLACK_SIGNING_SECRET", "A" * 32, "does not look like a signing secret"),
        ("NEWSBOT_SUBSCRIBE", "nobody", "“nobody” is not known; write anyone or managers"),
        ("NEWSBOT_SLACK_MANAGERS", "U123,@ada", "“@ada” is nobody in Slack; write the member ID"),
        ("NEWSBOT_HTTP_LISTEN", "8080", "“8080” is no address and port; write 127.0.0.1:8080"),
        ("NEWSBOT_HTTP_LISTEN", "127.0.0.1:70000", "is no address and port"),
        ("NEWSBOT_HTTP_LISTEN", "newsbot.example:80", "is no address and port"),
        ("SLACK_APP_TOKEN", "hush", "begins xapp- from api.slack.com/apps, Basic Information"),
        ("SLACK_BOT_TOKEN", '"xoxb-hush"', "has quotes around it; remove them"),
        ("SLACK_BOT_TOKEN", "xoxb-hush”", "has quotes around it; remove them"),
        ("SLACK_BOT_TOKEN", " xoxb-hush", "has spaces or a line break around it; remove them"),
        ("DISCORD_TOKEN", "Bot hu.s.h", "begins with the word Bot; leave the word out"),
        ("DISCORD_TOKEN", "112233445566778899", "does not look like a bot token, which has three"),
        ("DISCORD_TOKEN", "hu.s.h hush", "does not look like a bot token"),
        ("DISCORD_TOKEN", "..", "does not look like a bot token"),
        ("DATABASE_URL", "mysql://u:hush@h/d", "names no database newsbot knows"),
        ("DATABASE_URL", "hush", "names no database newsbot knows; write sqlite:///newsbot.db"),
        ("DATABASE_URL", "postgres://u:hush@h", "names no host or no database"),
        ("DATABASE_URL", "postgres:///hush", "names no host or no database"),
        (
            "DATABASE_URL",
            "postgresql://h/db?user=u&password=hush",
            "holds the password behind the ?; write it before the @",
        ),
        ("DATABASE_URL", "postgres://u@h/db?Password=", "holds the password behind the ?"),
        (
            "DATABASE_URL",
            "postgres://u:hu/sh@h:5432/d",
            "cannot be read; in the password write %40",
        ),
        ("DATABASE_URL", "sqlite://", "names no file; write sqlite:///newsbot.db"),
        ("DATABASE_URL", "sqlite:///:memory:", "names no file"),
        ("DATABASE_URL", "sqlite:////", "names no file; write sqlite:///newsbot.db"),
        ("DATABASE_URL", "sqlite:///news.db?mode=ro", "has a ?, behind which newsbot takes noth"),
        ("NEWSBOT_SLACK_API_URL", "ftp://hush", "is no address; write https://host/path"),
        ("NEWSBOT_SLACK_API_URL", "https://u:hush@h/", "is no address; write https://host/path"),
        ("NEWSBOT_DISCORD_API_URL", "https://h:hush/", "is no address; write https://host/path"),
        ("NEWSBOT_DISCORD_GATEWAY_URL", "https://h/", "is no address; write wss://host/path"),
        ("NEWSBOT_ALLOW_PRIVATE_FEEDS", "10.1.2.3/8", "within a network; write 10.0.0.0/8"),
        ("NEWSBOT_ALLOW_PRIVATE_FEEDS", "0.0.0.0/0", "wider than any private network: whoever"),
        ("NEWSBOT_ALLOW_PRIVATE_FEEDS", "10.0.0.0/8,::/0", "“::/0” is wider than any private net"),
        ("NEWSBOT_ALLOW_PRIVATE_FEEDS", "office", "“office” is no network; write 10.1.0.0/16"),
        ("NEWSBOT_OPS_CHANNEL", "#ops", "“#ops” is a channel's name"),
        ("NEWSBOT_RETENTION", "1h", "“1h” is too short to know what was alerted; 1 d is the least"),
        ("NEWSBOT_RETENTION", "90", "“90” lacks a unit"),
        ("NEWSBOT_TIME_ZONE", "Europe/Berln", "did you mean Europe/Berlin"),
        ("NEWSBOT_BURST", "many", "“many” is no limit"),
        ("NEWSBOT_BURST", "10/2d", "“10/2d” would keep alerts for more than a day"),
        ("NEWSBOT_ALERT_EXPIRY", "soon", "“soon” is no length of time"),
        ("NEWSBOT_ALERT_EXPIRY", "1s", "“1s” is too short for an alert to be posted; 1 min is"),
        ("NEWSBOT_LEASE", "1s", "“1s” is too short for a chat platform to answer; 2 s is the"),
        ("NEWSBOT_LEASE", "3d", "“3d” is too long for an alert to wait; 15 min is the most"),
        ("NEWSBOT_CONTACT", "me", "is no page and no mail address; write https://…"),
        ("NEWSBOT_CONTACT", "désk@example.org", "is no page and no mail address"),
        ("NEWSBOT_CONTACT", "https://example.org/\x7f", "is no page and no mail address"),
        ("NEWSBOT_CONTACT", f"https://e.org/{'x' * 200}", "more than 200 characters; write a sho"),
        ("NEWSBOT_RETENTON", "90d", "there is no such setting; did you mean NEWSBOT_RETENTION?"),
    ],
)
def test_a_mistake_is_told_with_its_remedy_and_without_the_secret(
    name: str, value: str, said: str
) -> None:
    (mistake,) = _mistakes({name: value})
    assert mistake.startswith(f"{name}: ")
    assert said in mistake
    assert "hush" not in mistake


def test_all_mistakes_are_told_at_once() -> None:
    mistakes = _mistakes(
        {"SLACK_BOT_TOKEN": "x", "NEWSBOT_RETENTION": "5", "NEWSBOT_CONTACT": "'x'"}
    )
    assert {mistake.split(":")[0] for mistake in mistakes} == {
        "SLACK_BOT_TOKEN",
        "NEWSBOT_RETENTION",
        "NEWSBOT_CONTACT",
    }


def test_variables_of_other_programs_are_nobodys_business() -> None:
    others = {"NEWSBOT_CORPUS": "/x", "NEWSBOT_TEST_X": "1", "PATH": '"', "LC_ALL": " C"}
    assert load_settings(others, DIRECTORY) == load_settings({}, DIRECTORY)
    assert doubts(others, DIRECTORY) == []


def test_an_unknown_name_in_the_environment_is_doubted_and_not_refused() -> None:
    set_by_the_host = {"NEWSBOT_PORT": "tcp://10.0.0.1:80", "NEWSBOT_SERVICE_HOST": "10.0.0.1"}
    assert load_settings(set_by_the_host, DIRECTORY) == load_settings({}, DIRECTORY)
    (doubt,) = doubts({**set_by_the_host, "NEWSBOT_NONE": ""}, DIRECTORY)
    assert doubt.startswith("NEWSBOT_PORT, NEWSBOT_SERVICE_HOST: ignored, as newsbot has no such")


def test_an_unknown_name_in_the_env_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\nPAPER_KEY=x\n\n# mine\nNEWSBOT_PORT=80\nNEWSBOT_BRUST=\n")
    assert _mistakes({"NEWSBOT_PORT": "80"}, tmp_path) == [
        ".env:5: NEWSBOT_PORT: there is no such setting; docs/configuration.md lists them all",
        ".env:6: NEWSBOT_BRUST: there is no such setting; did you mean NEWSBOT_BURST?",
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DISCORD_BOT_TOKEN", "DISCORD_TOKEN"),
        ("SLACK_TOKEN", "SLACK_BOT_TOKEN"),
        ("SLACK_MANAGERS", "NEWSBOT_SLACK_MANAGERS"),
    ],
)
def test_a_name_like_a_platform_s_is_doubted_unless_the_one_meant_is_set(
    name: str, meant: str
) -> None:
    assert doubts({name: "x"}, DIRECTORY) == [f"{name}: ignored; did you mean {meant}?"]
    assert doubts({name: "x", meant: "x"}, DIRECTORY) == []


def test_a_prefix_too_many_is_a_misspelling() -> None:
    (mistake,) = _mistakes({"NEWSBOT_DATABASE_URL": "sqlite:///news.db"})
    assert mistake.endswith("there is no such setting; did you mean DATABASE_URL?")


def test_a_token_for_commands_alone_is_doubted() -> None:
    told = "SLACK_APP_TOKEN: ignored, as SLACK_BOT_TOKEN is not set"
    assert doubts({"SLACK_APP_TOKEN": "xapp-1"}, DIRECTORY) == [told]
    for posting in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"):
        assert doubts({"SLACK_APP_TOKEN": "xapp-1", posting: "x"}, DIRECTORY) == []


def test_a_mistake_in_the_env_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NEWSBOT_LEASE=3d\nNEWSBOT_RETENTION=90\nDISCORD_TOKEN=' x'\n")
    beginnings = [": ".join(mistake.split(": ")[:2]) for mistake in _mistakes({}, tmp_path)]
    assert beginnings == [
        ".env:3: DISCORD_TOKEN",
        ".env:2: NEWSBOT_RETENTION",
        ".env:1: NEWSBOT_LEASE",
    ]
    (mistake, *_) = _mistakes({"NEWSBOT_LEASE": "1s", "NEWSBOT_RETENTION": "9d"}, tmp_path)[1:]
    assert mistake.startswith("NEWSBOT_LEASE: “1s”")


def test_the_env_file_beside_feeds_yaml_is_read_and_the_environment_goes_before_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / ".env").write_text(
        "\ufeff# tokens\nexport SLACK_BOT_TOKEN='xoxb-file'\nNEWSBOT_RETENTION=30d # x\n\nKEY=k\n",
        "utf-8",
    )
    environ = {"NEWSBOT_FEEDS": "desk/feeds.yaml", "NEWSBOT_RETENTION": "10d"}
    settings = load_settings(environ, tmp_path)
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-file"
    assert settings.retention == timedelta(days=10)
    assert read_environment(environ, tmp_path) == {
        **environ,
        "SLACK_BOT_TOKEN": "xoxb-file",
        "KEY": "k",
    }


def test_a_line_of_the_env_file_that_is_no_setting_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n\n\nxoxb-hush\nB = 'hush\nMY KEY=hush\n")
    mistakes = _mistakes({}, tmp_path)
    assert [mistake.removeprefix(f"{tmp_path}/") for mistake in mistakes] == [
        ".env:4: is no setting; write NAME=value",
        ".env:5: is no setting; write NAME=value",
        ".env:6: is no setting; write NAME=value",
    ]
    with pytest.raises(SettingsError):
        read_environment({}, tmp_path)


def test_an_env_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("NAME=é".encode("latin-1"))
    (mistake,) = _mistakes({}, tmp_path)
    assert mistake == ".env: is not in UTF-8; save it with the encoding UTF-8"


def test_an_env_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    (mistake,) = _mistakes({}, tmp_path)
    assert mistake.startswith(".env: cannot be read: ")


def test_every_name_is_listed_once() -> None:
    names = Settings.names()
    assert len(set(names)) == len(names) == len(Settings.model_fields)


INSTALLING = {
    "SLACK_CLIENT_ID": "123.456",
    "SLACK_CLIENT_SECRET": "f" * 32,
    "SLACK_SIGNING_SECRET": "0" * 32,
    "NEWSBOT_SECRET_KEY": f"{'A' * 43}=, {'B' * 42}A=",
}


def test_slack_is_posted_to_where_workspaces_may_add_newsbot(tmp_path: Path) -> None:
    settings = load_settings(INSTALLING, tmp_path)
    assert Platform.SLACK in settings.platforms
    assert [key.get_secret_value()[0] for key in settings.secret_keys] == ["A", "B"]
    assert "AAAA" not in repr(settings)
    assert "f" * 32 not in repr(settings)


@pytest.mark.parametrize("missing", sorted(INSTALLING))
def test_what_is_half_given_for_adding_newsbot_is_told(tmp_path: Path, missing: str) -> None:
    given = {name: value for name, value in INSTALLING.items() if name != missing}
    with pytest.raises(SettingsError, match=f"^{missing}: is missing"):
        load_settings(given, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_CLIENT_ID", "A0123ABCD"),
        ("SLACK_CLIENT_SECRET", "SECRET-x"),
        ("NEWSBOT_SECRET_KEY", "SECRET-x"),
        ("NEWSBOT_SECRET_KEY", f"{'A' * 43}=,SECRET-x"),
    ],
)
def test_what_is_mistaken_for_adding_newsbot_is_told_without_it(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: ") as caught:
        load_settings({**INSTALLING, name: value}, tmp_path)
    assert "SECRET-x" not in str(caught.value)
