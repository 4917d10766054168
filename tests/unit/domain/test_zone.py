"""Time zones as people write them."""

import pytest

from bot.domain.zone import read_zone


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" america/new_york ", "America/New_York"),
        ("utc", "UTC"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Buenos Aires", "America/Buenos_Aires"),
        ("singapore", "Singapore"),
    ],
)
def test_a_zone_is_known_in_any_letter_case(text: str, key: str) -> None:
    assert read_zone(text).key == key


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Europe/Berln", "did you mean Europe/Berlin?"),
        ("Berln", "did you mean Europe/Berlin?"),
        ("+01:00", "write for example Europe/Berlin"),
        ("../../etc/passwd", "is no time zone"),
        ("", "is no time zone"),
    ],
)
def test_what_is_none_is_refused_with_one_that_is(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        read_zone(text)
