import pytest

from bot.domain.headline import headline, without_other_hosts


@pytest.mark.parametrize(
    ("title", "feed_name", "shown"),
    [
        ("Protocol signed - Example Wire", "Example Wire", "Protocol signed"),
        ("Protocol signed | EXAMPLE WIRE", "Example Wire", "Protocol signed"),
        ("Protocol signed – Example", "Example World", "Protocol signed"),
        ("Protocol signed — Example World News", "Example World", "Protocol signed"),
        ("Geneva - Protocol signed - Example", "Example", "Geneva - Protocol signed"),
        ("Protocol signed - report", "Example", "Protocol signed - report"),
        ("Example - Protocol signed", "Example", "Example - Protocol signed"),
        ("Protocol-Example", "Example", "Protocol-Example"),
        ("Protocol signed - ", "Example", "Protocol signed - "),
        ("Protocol signed - …", "Example", "Protocol signed - …"),
        ("Protocol signed - Example", "", "Protocol signed - Example"),
        (" - Example", "Example", " - Example"),
        ("", "Example", ""),
    ],
)
def test_the_outlet_at_the_end_of_a_title_is_left_out(
    title: str, feed_name: str, shown: str
) -> None:
    assert headline(title, feed_name=feed_name) == shown


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Read https://bank.example/login now", "Read now"),
        ("https://bank.example/login", ""),
        ("www.bank.example", ""),
        ("bank.example", ""),
        ("https://news.example@bank.example/", ""),
        ("Bank.example raises its prices", "Bank.example raises its prices"),
        ("Ours: https://www.news.example/a", "Ours: https://www.news.example/a"),
        ("News.example", "News.example"),
        ("9.11 and after", "9.11 and after"),
    ],
)
def test_a_title_names_no_other_host_than_its_link(title: str, kept: str) -> None:
    assert without_other_hosts(title, "https://news.example/a") == kept
    assert without_other_hosts(title, None) == title
