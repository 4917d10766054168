"""What a feed names is asked for in one place, behind the guard."""

import re
from pathlib import Path

import bot

ROOT = Path(bot.__file__).parent
OPENS = re.compile(
    r"aiohttp\.(?:ClientSession|TCPConnector|request)\(|\burlopen\(|\burllib\.request\b"
    r"|\b(?:open_connection|create_connection)\(|^import (?:requests|httpx|socket)\b",
    re.MULTILINE,
)
BEHIND_THE_GUARD = "feeds/fetch.py"
TO_SLACK_ALONE = "chat/slack/web.py"


def test_nothing_but_the_fetcher_and_slacks_client_opens_connections() -> None:
    opening = {
        file.relative_to(ROOT).as_posix()
        for file in ROOT.rglob("*.py")
        if OPENS.search(file.read_text("utf-8"))
    }
    assert opening - {"feeds/guard.py"} == {BEHIND_THE_GUARD, TO_SLACK_ALONE}


def test_the_fetcher_has_the_guard_make_each_socket() -> None:
    fetcher = (ROOT / BEHIND_THE_GUARD).read_text("utf-8")
    assert len(re.findall(r"TCPConnector\(", fetcher)) == 1
    assert re.search(r"socket_factory=self\._guard\.\w+", fetcher)
