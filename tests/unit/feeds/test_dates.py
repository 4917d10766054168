"""Dates mean what their publishers meant."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.dates import read_date


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mon, 27 Jan 2025 14:23:00 -0500", utc(2025, 1, 27, 19, 23)),
        ("Mon, 27 Jan 2025 14:23:00 GMT", utc(2025, 1, 27, 14, 23)),
        ("27 Jan 25 14:23 EST", utc(2025, 1, 27, 19, 23)),
        ("27 Jan 99 14:23 Z", utc(1999, 1, 27, 14, 23)),
        ("Mon, 27 Jan 2025 14:23:00", utc(2025, 1, 27, 14, 23)),
        ("Mon, 27 Jan 2025", utc(2025, 1, 27)),
        ("Tue, Jan 28, 2025 10:00:00 +0100", utc(2025, 1, 28, 9)),
        ("Mon, 27 Jan 2025 14:23:00 -0500 (EST)", utc(2025, 1, 27, 19, 23)),
        ("Mon, 27 Jan 2025 14:23:00 GMT+2", utc(2025, 1, 27, 12, 23)),
        ("Mon, 27 Jan 2025 24:00:00 GMT", utc(2025, 1, 28)),
        ("Mon, 30 Dec 2024 23:59:60 GMT", utc(2024, 12, 30, 23, 59, 59)),
        ("  Mon,\n 27  Jan 2025 14:23:00 GMT ", utc(2025, 1, 27, 14, 23)),
        ("Monday, February 5, 2024 - 10:30", utc(2024, 2, 5, 10, 30)),
        ("Sun Jan  4 16:29:06 PST 2004", utc(2004, 1, 5, 0, 29, 6)),
        ("Fri, 2006/09/15 08:19:53 EDT", utc(2006, 9, 15, 12, 19, 53)),
        ("January 27, 2025 3:04 pm", utc(2025, 1, 27, 15, 4)),
        ("13/02/2024", utc(2024, 2, 13)),
    ],
)
def test_reads_mail_dates_and_their_relatives(written: str, meant: datetime) -> None:
    assert read_date(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-01-27T14:23:00Z", utc(2025, 1, 27, 14, 23)),
        ("2025-01-27T14:23:00.123456789+01:00", utc(2025, 1, 27, 13, 23)),
        ("2025-01-27 14:23:00", utc(2025, 1, 27, 14, 23)),
        ("2025-01-27T14:23", utc(2025, 1, 27, 14, 23)),
        ("2025-01-27T14:23:00+0530", utc(2025, 1, 27, 8, 53)),
        ("20250127T142300Z", utc(2025, 1, 27, 14, 23)),
        ("2025-01-27", utc(2025, 1, 27)),
        ("2025-01", utc(2025, 1, 1)),
        ("2025", utc(2025, 1, 1)),
        ("1738000000", utc(2025, 1, 27, 17, 46, 40)),
        ("1738000000123", utc(2025, 1, 27, 17, 46, 40)),
    ],
)
def test_reads_iso_dates_and_seconds(written: str, meant: datetime) -> None:
    assert read_date(written) == meant


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("BST", 11), ("CET", 11), ("CEST", 10), ("IST", 6), ("AEST", 2), ("AEDT", 1), ("JST", 3)],
)
def test_knows_the_zone_names_that_outlets_write(zone: str, hour: int) -> None:
    meant = read_date(f"Sat, 01 Mar 2025 12:00:00 {zone}")

    assert meant is not None
    assert meant.hour == hour


@pytest.mark.parametrize(
    "written",
    [
        "Sex, 16 Fev 2018 10:00:00 GMT",
        "vend., 16 févr. 2018 10:00:00 GMT",
        "16. Februar 2018 10:00",
    ],
)
def test_knows_months_in_other_languages(written: str) -> None:
    assert read_date(written) == utc(2018, 2, 16, 10)


def test_year_month_day_with_slashes_is_read_in_that_order() -> None:
    assert read_date("2020/1/10") == utc(2020, 1, 10)


@pytest.mark.parametrize(
    "written",
    [
        None, "", "  ", "10:30", "yesterday", "27 January", "12", "202001", "-2025",
        "01/02/2024",  # the first of February, or the second of January
        "Mon, 32 Jan 2025 14:23:00 GMT", "2025-02-30", "2025-13-01",
        "Mon, 27 Jan 2025 14:23:00 XYZ", "Mon, 27 Jan 2025 14:23:00 +9999",
        "27 Xyz 2025 14:23:00 GMT",
        "9" * 99, "a" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_certain_date_is_none(written: str | None) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "9999-12-31T23:59:59-05:00",
        "2150-01-01",
    ],
)
def test_an_absurd_date_is_none(written: str) -> None:
    assert read_date(written) is None


def test_feedparser_is_believed_for_the_forms_that_it_alone_reads() -> None:
    hint = time.struct_time((2003, 12, 1, 10, 0, 0, 0, 335, 0))

    assert read_date("2003-335", hint=hint) == utc(2003, 12, 1, 10)
    assert read_date("2003년 12월 1일", hint=hint) == utc(2003, 12, 1, 10)
    assert read_date("10:30", hint=hint) is None


@given(st.text() | st.from_regex(r"\w{3}, \d\d? \w{3} \d{2,4} \d\d:\d\d:\d\d [+-]?\w{1,5}"))
def test_any_text_is_a_date_in_utc_or_none(written: str) -> None:
    moment = read_date(written)

    assert moment is None or moment.tzinfo is UTC
