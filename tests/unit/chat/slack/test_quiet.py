"""The logger handed to Slack's libraries."""

import logging

import pytest

from bot.chat.slack.quiet import quiet_logger, redacted


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("token xoxb-12-34-abCD here", "token … here"),
        ("xapp-1-A0-99-ff", "…"),
        ("rotated xoxe.xoxb-1-abc", "rotated …"),
        (
            "wss://wss.slack.com/link/?ticket=a-b&app_id=c",
            "wss://wss.slack.com/link/?ticket=…&app_id=c",
        ),
        ("https://hooks.slack.com/commands/T1/2/3 failed", "https://hooks.slack.com/… failed"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secrets_are_redacted(text: str, kept: str) -> None:
    assert redacted(text) == kept


def test_no_configuration_lowers_its_level(caplog: pytest.LogCaptureFixture) -> None:
    logger = quiet_logger()
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger=logger.name)
    logging.getLogger(logger.name).setLevel(logging.DEBUG)

    logger.warning("a request with xoxb-1")

    assert caplog.records == []
    assert logger.level == logging.ERROR


def test_an_error_loses_its_secrets_and_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    error = RuntimeError("xoxb-1-secret in the traceback")
    quiet_logger().error("Failed with %s", "xapp-2-secret", exc_info=error)
    quiet_logger().error("Plain")

    assert [record.getMessage() for record in caplog.records] == [
        "Failed with … (RuntimeError)",
        "Plain",
    ]
    assert "secret" not in caplog.text


def test_the_same_line_is_written_once_an_hour(caplog: pytest.LogCaptureFixture) -> None:
    logger = quiet_logger()
    for seconds in (0, 10, 20, 3_600, 3_610):
        for line in ("Failed to connect", f"Failed at {seconds}"):
            record = logger.makeRecord(logger.name, logging.ERROR, "", 0, line, (), None)
            record.created = 1_772_000_000.0 + seconds
            logger.handle(record)

    written = [record.getMessage() for record in caplog.records]
    assert written.count("Failed to connect") == 2
    assert len(written) == 2 + 5


def test_any_other_line_is_written_each_time(caplog: pytest.LogCaptureFixture) -> None:
    logger = quiet_logger()
    logger.error("AuthorizeResult was not found")
    logger.error("AuthorizeResult was not found")
    assert len(caplog.records) == 2
