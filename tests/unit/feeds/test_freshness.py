from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from multidict import CIMultiDict

from bot.feeds.freshness import max_age, retry_after

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DATE = "Mon, 02 Mar 2026 12:00:00 GMT"
EARLIER = "Mon, 02 Mar 2026 11:00:00 GMT"
FAR = timedelta(seconds=2**31)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public"}, None),
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"cache-control": 'MAX-AGE="600"'}, 600),
        ({"Cache-Control": "max-age = 600, max-age=5"}, 600),
        ({"Cache-Control": "max-age=600", "Age": "100"}, 500),
        ({"Cache-Control": "max-age=600", "Age": "900"}, 0),
        ({"Cache-Control": "max-age=600", "Age": "soon"}, 600),
        ({"Cache-Control": "max-age=600, no-cache"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=60", "Expires": "0"}, 60),
        ({"Expires": "Mon, 02 Mar 2026 12:05:00 GMT"}, 300),
        (
            {"Expires": "Mon, 02 Mar 2026 11:05:00 GMT", "Date": EARLIER},
            300,
        ),
        ({"Expires": "Mon, 02 Mar 2026 11:05:00 GMT", "Date": DATE}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "Mon, 02 Mar 2026 12:00:00 +99999999999"}, 0),
    ],
)
def test_freshness_is_what_the_server_says(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert max_age(CIMultiDict(headers), NOW) == expected


@pytest.mark.parametrize("digits", ["9" * 9, "9" * 10, "9" * 5_000])
def test_a_time_without_end_is_cut_to_one_that_can_be_reckoned_with(digits: str) -> None:
    headers: Mapping[str, str] = {"Cache-Control": f"max-age={digits}", "Retry-After": digits}

    assert timedelta(days=10_000) < (max_age(headers, NOW) or timedelta()) <= FAR
    assert timedelta(days=10_000) < (retry_after(headers, NOW) or timedelta()) <= FAR


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "later"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": " 120 "}, 120),
        ({"Retry-After": "Mon, 02 Mar 2026 12:02:00 GMT"}, 120),
        ({"Retry-After": "Monday, 02-Mar-26 12:02:00 GMT"}, 120),
        ({"Retry-After": "Mon Mar  2 12:02:00 2026"}, 120),
        ({"Retry-After": "Mon, 02 Mar 2026 11:00:00 GMT"}, 0),
        (
            {
                "Retry-After": "Mon, 02 Mar 2026 11:02:00 GMT",
                "Date": EARLIER,
            },
            120,
        ),
    ],
)
def test_retry_after_is_read_in_each_form(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert retry_after(CIMultiDict(headers), NOW) == expected
