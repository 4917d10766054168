"""Cards in a terminal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from rich.console import Console

from bot.chat.console.render import render
from bot.domain.message import Alert, Digest, DigestGroup, Gravity, Message, Notice, Reason

ZONE = timezone(timedelta(hours=2), "EET")
ALERT = Alert(
    headline="Harbour talks resume after a night of delay",
    url="https://news.example/world/harbour-talks",
    summary="Both sides returned to the table. They talk of quotas.",
    outlet="Harbour Wire",
    published=datetime(2026, 3, 2, 9, 4, tzinfo=UTC),
    reasons=(
        Reason(topic="ports", title="Ports", words=("“harbour” in the title", "tag ports")),
        Reason(topic="quotas", title="Fishing quotas", words=("“quotas” in the summary",)),
    ),
    tags=("ports", "north-sea"),
)
NOTICE = Notice(title="Feed failing: Harbour Wire", text="It has failed for 26 h.")


def shown(message: Message, *, width: int = 60, terminal: bool = False) -> str:
    """What a terminal of this width shows."""
    console = Console(width=width, force_terminal=terminal, legacy_windows=False)
    with console.capture() as capture:
        console.print(render(message, zone=ZONE), crop=False)
    return capture.get()


def test_an_alert_is_a_card_headed_by_its_topics() -> None:
    assert shown(ALERT).splitlines() == [
        "╭─  Ports, Fishing quotas  ────────────────────────────────╮",
        "│ Harbour talks resume after a night of delay              │",
        "│ Both sides returned to the table. They talk of quotas.   │",
        "│ Harbour Wire · 2 Mar 2026 11:04 EET                      │",
        "│ ports — “harbour” in the title, its tag                  │",
        "│ quotas — “quotas” in the summary                         │",
        "│ #ports #north-sea                                        │",
        "│ https://news.example/world/harbour-talks                 │",
        "╰──────────────────────────────────────────────────────────╯",
    ]


def test_what_a_story_lacks_takes_no_line() -> None:
    bare = replace(ALERT, url=None, summary="", tags=(), reasons=ALERT.reasons[:1])
    assert len(shown(bare).splitlines()) == 5


def test_a_link_wider_than_the_card_stands_below_it_whole() -> None:
    url = f"https://news.example/{'long-' * 20}story"
    assert shown(replace(ALERT, url=url)).splitlines()[-1] == url


def test_a_digest_lists_its_stories_under_their_topics() -> None:
    digest = Digest(
        since=datetime(2026, 3, 2, 5, 0, tzinfo=UTC),
        stories=2,
        groups=(
            DigestGroup(title="Ports", alerts=(ALERT,)),
            DigestGroup(title="Fishing quotas", alerts=(replace(ALERT, url=None),)),
        ),
    )
    assert shown(digest).splitlines() == [
        "╭─  Digest: 2 stories  ────────────────────────────────────╮",
        "│ since 2 Mar 2026 07:00 EET                               │",
        "│ Ports                                                    │",
        "│ · Harbour talks resume after a night of delay (Harbour   │",
        "│ Wire)                                                    │",
        "│   https://news.example/world/harbour-talks               │",
        "│ Fishing quotas                                           │",
        "│ · Harbour talks resume after a night of delay (Harbour   │",
        "│ Wire)                                                    │",
        "╰──────────────────────────────────────────────────────────╯",
    ]


def test_in_a_terminal_the_link_can_be_clicked() -> None:
    assert "\x1b]8;" in shown(ALERT, terminal=True)


def test_a_feeds_text_is_neither_markup_nor_control() -> None:
    headline = "\x1b[2J[bold]Fake[/bold] \x9b1m\u202eevil\r"
    text = shown(replace(ALERT, headline=headline), terminal=True)
    assert "[bold]Fake[/bold]" in text
    for control in ("\x1b[2J", "\x9b", "\u202e", "\r"):
        assert control not in text


def test_a_notice_says_how_it_is_to_be_taken() -> None:
    assert "! Feed failing: Harbour Wire" in shown(NOTICE)
    assert "i Feed failing: Harbour Wire" in shown(replace(NOTICE, gravity=Gravity.INFO))
    assert "It has failed for 26 h." in shown(NOTICE)
