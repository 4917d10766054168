"""What is typed behind `/news subscribe`: what to follow, then how."""

from collections.abc import Mapping

import pytest

from bot.commands.core import Option
from bot.commands.wish import read_wish
from bot.errors import CommandError

WHAT = (Option(name="what", summary="what"),)
DAILY = {"what": "ferries", "cadence": "daily 08:30"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ferries daily 08:30 zone Berlin", DAILY | {"zone": "Berlin"}),
        ("ferries daily 08:30 time zone Berlin", DAILY | {"zone": "Berlin"}),
        ("ferries zone new york daily 08:30", DAILY | {"zone": "new york"}),
        ("ferries daily 08:30 in Berlin time", DAILY | {"zone": "Berlin"}),
        ("ferries daily 08:30 in New York time", DAILY | {"zone": "New York"}),
        ("ferries daily 08:30 Europe/Berlin", DAILY | {"zone": "Europe/Berlin"}),
        ("ferries daily 08:30 UTC", DAILY | {"zone": "UTC"}),
        ("ferries daily 08:30 Buenos Aires", DAILY | {"zone": "Buenos Aires"}),
        ("ferries daily 08:30 zone Berln", DAILY | {"zone": "Berln"}),
        ("ferries zone Europe/Berln", {"what": "ferries", "zone": "Europe/Berln"}),
        ("ferries weekly monday 09:00", {"what": "ferries", "cadence": "weekly monday 09:00"}),
        ("ferries weekly on mon at 9am", {"what": "ferries", "cadence": "weekly on mon at 9am"}),
        ("ferries every friday 9:00", {"what": "ferries", "cadence": "every friday 9:00"}),
        ("ferries weekly 09:00", {"what": "ferries", "cadence": "weekly 09:00"}),
        ("ferries weekly monday", {"what": "ferries", "cadence": "weekly monday"}),
        ("ferries quiet hours 22:00 to 7:00", {"what": "ferries", "quiet": "22:00 to 7:00"}),
        ("euro zone crisis hourly", {"what": "euro zone crisis", "cadence": "hourly"}),
        ("war zone Cairo", {"what": "war zone Cairo"}),
        ("fire in Berlin", {"what": "fire in Berlin"}),
        ("fire in record time", {"what": "fire in record time"}),
        ("price 12.50 monthly 12.5", {"what": "price 12.50 monthly 12.5"}),
        ("China Daily", {"what": "China Daily"}),
        ("ferries daily", {"what": "ferries", "cadence": "daily"}),
        ("ferries weekdays", {"what": "ferries", "cadence": "weekdays"}),
        ("ferries weekly", {"what": "ferries", "cadence": "weekly"}),
        ("ferries every monday", {"what": "ferries", "cadence": "every monday"}),
        ("ferries daily at noon", {"what": "ferries", "cadence": "daily at noon"}),
        ("ferries every 2 hours", {"what": "ferries", "cadence": "every 2 hours"}),
        ("Black Monday", {"what": "Black Monday"}),
        ("strike on monday", {"what": "strike on monday"}),
        ('"zone Berlin"', {"what": '"zone Berlin"'}),
    ],
)
def test_options_are_read_where_they_are_no_words_of_the_query(
    text: str, read: Mapping[str, str]
) -> None:
    assert read_wish(WHAT, text) == read


def test_what_is_given_twice_is_refused_by_its_name() -> None:
    with pytest.raises(CommandError, match="The time zone is given twice"):
        read_wish(WHAT, "ferries zone Europe/Paris daily 8:30 zone Berlin")
