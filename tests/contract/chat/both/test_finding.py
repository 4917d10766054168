"""Lists that people leaf through and share from, through each platform's own library."""

from bot.domain.feed import Feed
from bot.domain.topic import Topic
from bot.query.syntax import parse
from tests.fakes.chat.office import Office

LONG: dict[str, dict[str, str]] = {
    "since 2d": {"time": "2d"},
    "latest": {},
    "topics": {},
    "feeds": {},
}
"""Lists of several pages, with what is filled in for them."""


async def test_a_search_is_leafed_through_in_place_and_a_story_shared_with_all(
    desk: Office,
) -> None:
    await desk.reported(*(f"Ferry number {number}" for number in range(8)))
    first = await desk.ada.asks("search ferry since 2d", query="ferry", since="2d")
    assert first.title == "Search: ferry"
    second = await desk.ada.presses(first, "Next")
    assert second.title == "Search: ferry, page 2"
    assert "Ferry number 7" in second.lines
    back = await desk.ada.presses(second, "Previous")
    assert first.place == second.place == back.place
    assert (back.lines, back.buttons) == (first.lines, first.buttons)
    shared = await desk.ada.presses(back, "Share", 2)
    assert shared.title == "“Ferry number 2” is on its way to this channel."
    assert shared.place != back.place
    assert (await desk.ada.presses(back, "Share", 2)).title.endswith("was shared here already.")
    await desk.round()
    assert desk.posted() == ["Ferry number 2"]
    assert (await desk.mate.presses(desk.card("Ferry number 2"), "More")).title == "Ferry number 2"


async def test_long_lists_are_leafed_through_in_place(desk: Office) -> None:
    await desk.reported(*(f"Ferry number {number}" for number in range(12)))
    desk.topics += tuple(
        Topic(name=f"t{number}", title=f"T{number}", query=parse("x")) for number in range(12)
    )
    desk.feeds += tuple(
        Feed(url=f"https://{number}.example/", name=f"Feed {number}") for number in range(12)
    )
    await desk.restart()

    for line, options in LONG.items():
        first = await desk.ada.asks(line, **options)
        assert first.buttons == ("Next",)
        second = await desk.ada.presses(first, "Next")
        assert second.lines[1:] != first.lines[1:]
        back = await desk.ada.presses(second, "Previous")
        assert first.place == second.place == back.place
        assert (back.lines, back.buttons) == (first.lines, first.buttons)
