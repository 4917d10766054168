"""What happens is counted, under labels of which there are few."""

import asyncio
from datetime import timedelta

from bot.domain.channel import Channel, Platform
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.message import Alert, Message, Notice, Reason
from bot.errors import FetchError, FetchFault, ParseError
from bot.metrics.meters import Meters
from bot.metrics.watch import EVERY_SECONDS, Watch
from bot.services.lines import Lines
from bot.services.poll_feed import Outcome, Poll
from tests.fakes.clock import START, FakeClock

URL = "https://wire.example/secret-name"


def delivery(message: Message) -> Delivery:
    return Delivery(
        delivery_id=1,
        channel_id=1,
        channel=Channel(Platform.SLACK, "C1"),
        key="k",
        nonce="n",
        message=message,
        state=DeliveryState.SENDING,
        attempts=1,
        created_at=START,
        due_at=START,
    )


def lines(meters: Meters) -> list[str]:
    return meters.text().decode().splitlines()


def test_polls_and_failures_are_counted_by_kind_and_name_no_feed() -> None:
    meters = Meters("1.2.3")
    gone = FetchError(URL, "410", fault=FetchFault.GONE)
    for error in (None, gone, ParseError(URL, "no feed")):
        outcome = Outcome.FAILED if error else Outcome.READ
        meters.polled(Poll(url=URL, outcome=outcome, error=error))
    said = lines(meters)
    assert 'newsbot_polls_total{outcome="read"} 1.0' in said
    assert 'newsbot_polls_total{outcome="failed"} 2.0' in said
    assert 'newsbot_polls_total{outcome="held"} 0.0' in said
    assert 'newsbot_feed_errors_total{kind="gone"} 1.0' in said
    assert 'newsbot_feed_errors_total{kind="no feed"} 1.0' in said
    assert not [line for line in said if "secret-name" in line]


def test_the_lag_is_from_publication_to_posting_and_of_alerts_alone() -> None:
    meters = Meters("1.2.3")
    reasons = (Reason(topic="t", title="T", words=()),)
    alert = Alert(headline="h", summary="", outlet="o", published=START, reasons=reasons)
    meters.sent(delivery(alert), START + timedelta(seconds=40))
    meters.sent(delivery(Notice(title="t", text="x")), START + timedelta(hours=9))
    said = lines(meters)
    assert 'newsbot_lag_seconds_bucket{le="30.0"} 0.0' in said
    assert 'newsbot_lag_seconds_bucket{le="60.0"} 1.0' in said
    assert "newsbot_lag_seconds_sum 40.0" in said


def test_two_newsbots_in_one_process_count_apart() -> None:
    one, other = Meters("1.2.3"), Meters("1.2.3")
    one.polled(Poll(url=URL, outcome=Outcome.READ))
    assert 'newsbot_polls_total{outcome="read"} 0.0' in lines(other)


def test_the_process_and_the_build_are_told() -> None:
    said = lines(Meters("1.2.3"))
    assert any(line.startswith('newsbot_build_info{python="3.') for line in said)
    assert any(line.startswith("process_resident_memory_bytes ") for line in said)
    assert any(line.startswith("process_open_fds ") for line in said)


class Up:
    """A live connection that is up."""

    is_up = True

    async def run(self) -> None:
        return


async def test_the_watch_measures_how_late_the_loop_wakes_and_sees_connections() -> None:
    meters, ticks = Meters("1.2.3"), iter([0.0, EVERY_SECONDS + 0.2, 9.0])
    woken = asyncio.Event()

    async def sleep(seconds: float) -> None:
        assert seconds == EVERY_SECONDS
        if woken.is_set():
            await asyncio.Event().wait()
        woken.set()

    watched = Lines({Platform.DISCORD: Up()}, FakeClock())
    watch = Watch(meters, watched, sleep=sleep, tick=lambda: next(ticks))
    running = asyncio.create_task(watch.run())
    await woken.wait()
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    said = lines(meters)
    assert 'newsbot_event_loop_lag_seconds_bucket{le="0.1"} 0.0' in said
    assert 'newsbot_event_loop_lag_seconds_bucket{le="0.25"} 1.0' in said
    assert 'newsbot_connection_up{platform="discord"} 1.0' in said
    assert watched.down == {}
