from bot.chat.discord.mark import stamp, stamped
from bot.chat.discord.render import ALERT_COLOUR, render
from bot.domain.message import Notice

NOTICE = render(Notice(title="a", text="b"))


def test_a_mark_tells_its_nonce_from_others() -> None:
    colour = stamp(NOTICE, "nonce-1").embed["color"]

    assert stamped(colour, "nonce-1")
    assert sum(stamped(colour, f"other-{n}") for n in range(2, 1000)) < 10


def test_a_mark_changes_a_colour_by_no_more_than_the_eye_sees() -> None:
    before, after = NOTICE.embed["color"], stamp(NOTICE, "nonce-1").embed["color"]

    for shift in (0, 8, 16):
        assert abs((before >> shift & 0xFF) - (after >> shift & 0xFF)) <= 7


def test_a_mark_leaves_the_rest_of_the_message() -> None:
    marked = stamp(NOTICE, "nonce-1").embed

    assert marked | {"color": NOTICE.embed["color"]} == NOTICE.embed


def test_the_same_nonce_always_makes_the_same_mark() -> None:
    """Marks in channels outlive the process that made them."""
    assert stamped(ALERT_COLOUR | 0x020503, "0123456789abcdef01234567x") is False
    assert stamp(NOTICE, "nonce-1").embed["color"] == stamp(NOTICE, "nonce-1").embed["color"]
