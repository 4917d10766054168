"""The limit past which alerts are put together."""

from datetime import timedelta

import pytest

from bot.domain.burst import Burst, read_burst


@pytest.mark.parametrize(
    ("text", "burst"),
    [
        ("10/5m", Burst(10, timedelta(minutes=5))),
        (" 3 / 1h ", Burst(3, timedelta(hours=1))),
        ("Off", None),
    ],
)
def test_what_people_write_is_read(text: str, burst: Burst | None) -> None:
    assert read_burst(text) == burst


@pytest.mark.parametrize(
    "text",
    [
        *("10", "0/5m", "ten/5m", "/5m", "10/", "10/5", "-1/5m", "10000/5m", "9" * 9999 + "/5m"),
        *("10/0s", "10/25h"),
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        read_burst(text)
