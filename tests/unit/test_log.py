"""The log: lines for people, objects for programs, nothing secret in either."""

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot.log import FOREIGN, LogFormat, leave_out, set_up_logging


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def logged(log_format: LogFormat, stream: io.StringIO | None = None) -> io.StringIO:
    """Log to a stream."""
    out = stream or io.StringIO()
    set_up_logging(log_format, stream=out)
    return out


def test_a_line_for_people_has_time_level_event_fields_and_then_what_was_said() -> None:
    out = logged(LogFormat.CONSOLE)
    log = structlog.get_logger()
    log.warning("poll.failed", error="the server said “no”; try later", feed="BBC World", number=3)
    (line,) = out.getvalue().splitlines()
    date, _, rest = line.partition(" ")
    assert date.count("-") == 2
    expected = 'warning  poll.failed feed="BBC World" number=3 — the server said “no”; try later'
    assert rest.partition(" ")[2] == expected


def test_several_sentences_stand_on_lines_of_their_own() -> None:
    out = logged(LogFormat.CONSOLE)
    structlog.get_logger().error("configuration.refused", mistakes="a.yaml:1: x\nb.yaml:2: y")
    assert out.getvalue().splitlines()[1:] == ["    a.yaml:1: x", "    b.yaml:2: y"]


def test_on_a_terminal_the_level_is_coloured_and_the_day_left_out() -> None:
    out = logged(LogFormat.CONSOLE, Terminal())
    structlog.get_logger().info("newsbot.started", feeds=1)
    line = out.getvalue()
    assert "\x1b[32minfo" in line
    assert line.index(" ") == len("12:34:56")


def test_a_feeds_words_do_not_steer_the_terminal() -> None:
    out = logged(LogFormat.CONSOLE)
    structlog.get_logger().warning("poll.failed", error="\x1b[2Jgone", feed="\x9b31mred")
    assert "\x1b" not in out.getvalue()
    assert "\x9b" not in out.getvalue()
    assert "\\x1b[2Jgone" in out.getvalue()


def test_json_is_one_object_a_line_with_tracebacks_in_it() -> None:
    out = logged(LogFormat.JSON)
    log = structlog.get_logger()
    log.info("newsbot.started", feeds=61)
    try:
        int("two\nlines")
    except ValueError:
        log.exception("round.failed", round="poll")
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["event"], first["level"], first["feeds"]) == ("newsbot.started", "info", 61)
    assert first["timestamp"].endswith("Z")
    assert second["exception"].startswith("Traceback")


@pytest.mark.parametrize("log_format", LogFormat)
def test_a_traceback_shows_no_local_variables(log_format: LogFormat) -> None:
    out = logged(log_format)
    token = "xoxb-c4nary"
    try:
        token[len(token)]
    except IndexError:
        structlog.get_logger().exception("round.failed")
    assert "Traceback" in out.getvalue()
    assert "c4nary" not in out.getvalue()


def test_what_libraries_say_is_an_event_too_with_their_name() -> None:
    out = logged(LogFormat.JSON)
    logging.getLogger("asyncio").error("Task %s was lost", "x")
    (event,) = map(json.loads, out.getvalue().splitlines())
    assert (event["event"], event["logger"], event["what"]) == (
        FOREIGN, "asyncio", "Task x was lost",
    )  # fmt: skip


def test_libraries_debug_and_info_stay_out_for_they_hold_tokens() -> None:
    out = io.StringIO()
    set_up_logging(LogFormat.JSON, level=logging.DEBUG, stream=out)
    for name in ("slack_sdk.web", "discord.http", "aiohttp.client", "asyncio"):
        logging.getLogger(name).info("xoxb-c4nary")
    structlog.get_logger().debug("poll.done")
    (event,) = map(json.loads, out.getvalue().splitlines())
    assert event["event"] == "poll.done"


def test_less_than_the_level_asked_for_is_not_shown() -> None:
    out = logged(LogFormat.CONSOLE)
    structlog.get_logger().debug("poll.done")
    assert out.getvalue() == ""


def test_what_is_left_out_is_not_shown_and_the_rest_is() -> None:
    out = logged(LogFormat.JSON)
    leave_out(lambda event: event.get("channel") == "console")
    log = structlog.get_logger()
    log.info("delivery.sent", channel="console")
    log.info("delivery.sent", channel="slack:C1")
    logging.getLogger("asyncio").error("lost")
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [event.get("channel") for event in events] == ["slack:C1", None]


def test_warnings_of_python_are_lines_too() -> None:
    out = logged(LogFormat.JSON)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", stacklevel=1)
        logging.captureWarnings(capture=False)
    assert json.loads(out.getvalue())["logger"] == "py.warnings"
