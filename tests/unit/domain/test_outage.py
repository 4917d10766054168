"""Our own lost network."""

from datetime import timedelta

from bot.domain.outage import WINDOW, HostWatch
from tests.fakes.clock import START


def test_most_hosts_silent_is_our_outage() -> None:
    watch = HostWatch()
    for number in range(5):
        watch.record(f"{number}.example", reached=number < 2, now=START)
    assert watch.is_outage(START)


def test_half_the_hosts_silent_is_theirs() -> None:
    watch = HostWatch()
    for number in range(4):
        watch.record(f"{number}.example", reached=number < 2, now=START)
    assert not watch.is_outage(START)


def test_two_hosts_are_too_few_to_tell() -> None:
    watch = HostWatch()
    for number in range(2):
        watch.record(f"{number}.example", reached=False, now=START)
    assert not watch.is_outage(START)


def test_only_a_hosts_last_word_counts() -> None:
    watch = HostWatch()
    for number in range(4):
        watch.record(f"{number}.example", reached=False, now=START)
    for number in range(3):
        watch.record(f"{number}.example", reached=True, now=START)
    assert not watch.is_outage(START)


def test_what_a_host_said_long_ago_is_forgotten() -> None:
    watch = HostWatch()
    for number in range(4):
        watch.record(f"{number}.example", reached=False, now=START)
    later = START + WINDOW + timedelta(seconds=1)
    watch.record("new.example", reached=False, now=later)
    assert not watch.is_outage(later)


def test_hosts_silent_for_long_while_another_answers_are_dead_and_not_our_outage() -> None:
    watch = HostWatch()
    for minutes in range(0, 70, 5):
        now = START + timedelta(minutes=minutes)
        watch.record("well.example", reached=True, now=now)
        for number in range(2):
            watch.record(f"{number}.example", reached=False, now=now)
        assert watch.is_outage(now) is (minutes <= 60)


def test_silence_of_all_is_our_outage_however_long() -> None:
    watch = HostWatch()
    for minutes in range(0, 300, 5):
        for number in range(3):
            now = START + timedelta(minutes=minutes)
            watch.record(f"{number}.example", reached=False, now=now)
    assert watch.is_outage(START + timedelta(minutes=295))
