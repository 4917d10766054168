"""Quiet: the logger handed to Slack's libraries, which can give nothing away.

slack_sdk and Bolt write requests, answers, socket addresses and response addresses to their logger
at DEBUG, tokens and one-time tickets among them, and ask the logger's own level whether to. Theirs
is therefore a logger that no logging configuration reaches, fixed at ERROR, whose records lose
whatever looks like a secret, tracebacks included. While Slack is away they write the same line
every few seconds, which is let through once an hour.
"""

import logging
import re

_NAME = "bot.chat.slack.library"
_SECRET = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|(?<=ticket=)[^&\s'\"]+|"
    r"(?<=/commands/)[^\s'\"]+|(?<=hooks\.slack\.com/)[^\s'\"]+"
)


_REPEATED = re.compile(r"Failed to (?:connect|check the current session)")
_SILENT_SECONDS = 3_600.0
_MOST_REMEMBERED = 100


def redacted(text: str) -> str:
    """The text with tokens, socket tickets and response addresses replaced by `…`."""
    return _SECRET.sub("…", text)


def quiet_logger() -> logging.Logger:
    """A logger at ERROR that hands redacted records to the root's handlers.

    It stands outside the tree of named loggers: `logging.getLogger` does not give it, so that no
    configuration can lower its level.
    """
    logger = logging.Logger(_NAME, level=logging.ERROR)  # noqa: LOG001 - outside the tree on purpose
    logger.parent = logging.getLogger()
    logger.addFilter(_redact)
    logger.addFilter(_NotAgain())
    return logger


class _NotAgain(logging.Filter):
    """Lets no line of a connection that cannot be made through twice within an hour."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is to be written, as `logging.Filter` asks."""
        line = record.getMessage()
        if not _REPEATED.match(line):
            return True
        if 0 <= record.created - self._said.get(line, -_SILENT_SECONDS) < _SILENT_SECONDS:
            return False
        if len(self._said) >= _MOST_REMEMBERED:
            self._said.clear()
        self._said[line] = record.created
        return True


def _redact(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        message = f"{message} ({type(record.exc_info[1]).__name__})"
    record.msg, record.args = redacted(message), None
    record.exc_info = record.exc_text = None
    return True
