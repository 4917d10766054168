"""Log: events with fields, for people on a terminal or as JSON."""

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


class LogFormat(StrEnum):
    """How log lines look."""

    CONSOLE = "console"
    JSON = "json"


FOREIGN: Final = "library.said"
"""The event of what a library logs; its words are in the field `what`."""

_LIBRARIES: Final = ("aiohttp", "alembic", "discord", "slack_bolt", "slack_sdk", "tzlocal")
_PROSE: Final = ("what", "error", "reason", "why", "mistakes")
"""Fields that hold sentences: they end a line for people, as they are."""
_PLAIN: Final = re.compile(r"[^\s\"'=]+")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_COLOURS: Final = {"critical": "31;1", "error": "31", "warning": "33", "info": "32"}
_INDENT: Final = "\n    "


def set_up_logging(
    log_format: LogFormat, *, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send newsbot's events, and its libraries' warnings, to standard error.

    Args:
        log_format: For people, or one JSON object a line.
        level: The least important of newsbot's events to show. Libraries stay at warnings: their
            debug lines hold tokens.
        stream: Elsewhere than standard error.
    """
    out = stream or sys.stderr
    own, end = _chain(log_format, out)
    structlog.configure(
        processors=[*own, *end],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *own, _foreign],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *end],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    # A round that takes longer than its interval is nothing to tell of each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def leave_out(unwanted: Callable[[Mapping[str, Any]], bool]) -> None:
    """From now on leave some of newsbot's events out; call it after `set_up_logging`.

    Args:
        unwanted: Whether an event, with its fields, is not to be shown.
    """

    def drop(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        del logger, name
        if unwanted(event):
            raise structlog.DropEvent
        return event

    structlog.configure(processors=[drop, *structlog.get_config()["processors"]])


def _chain(log_format: LogFormat, out: TextIO) -> tuple[list[Processor], list[Processor]]:
    """What is done to newsbot's own events only, and what to every line."""
    # Plain tracebacks: prettier ones show local variables, and with them tokens.
    end: list[Processor] = [structlog.processors.format_exc_info]
    if log_format is LogFormat.JSON:
        stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
        end.append(structlog.processors.JSONRenderer(ensure_ascii=False))
    else:
        form = "%H:%M:%S" if out.isatty() else "%Y-%m-%d %H:%M:%S"
        stamp = structlog.processors.TimeStamper(fmt=form, utc=False)
        end.append(_Lines(coloured=out.isatty()))
    return [structlog.stdlib.add_log_level, stamp], end


def _foreign(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """A library's line as an event: its words are no constant name."""
    del logger, name
    return {**event, "event": FOREIGN, "what": event["event"]}


class _Lines:
    """Renders an event as a line: time, level, name, fields; then, after a dash, what is prose."""

    def __init__(self, *, coloured: bool) -> None:
        self._coloured = coloured

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> str:
        del logger, name
        time, level = event.pop("timestamp"), event.pop("level")
        exception = _visible(event.pop("exception", ""))
        head = [time, self._paint(f"{level:8}", _COLOURS.get(level, "2"))]
        head.append(self._paint(event.pop("event"), "1"))
        prose = [_visible(str(event.pop(key))) for key in _PROSE if key in event]
        head += [f"{key}={_quoted(_visible(str(value)))}" for key, value in event.items()]
        line = " ".join(head) + "".join(map(_sentence, prose))
        return f"{line}\n{exception}" if exception else line

    def _paint(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text


def _sentence(text: str) -> str:
    """One line follows the fields; of several each stands on its own."""
    lines = text.splitlines()
    return f" — {text}" if len(lines) == 1 else "".join(f"{_INDENT}{line}" for line in lines)


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _visible(text: str) -> str:
    """The text with controls written out: a feed's words are not to steer a terminal."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)
