"""Supervise: keep what runs for ever running, without letting it touch anything else."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.channel import Platform
from bot.errors import UnauthorizedError
from bot.ports import Clock, Connection

FIRST_WAIT: Final = 5.0
LONGEST_WAIT: Final = 300.0
"""Seconds before what broke down is begun again, doubling between the two."""


async def persist(
    loop: str,
    work: Callable[[], Awaitable[None]],
    died: Callable[[str, Exception], Awaitable[None]],
    clock: Clock,
) -> None:
    """Run a loop until it ends by itself or is cancelled; one that dies is begun again, and told.

    Args:
        loop: Its name, of one or two words.
        work: The loop.
        died: Told each time.
        clock: The time.
    """
    wait = FIRST_WAIT
    while True:
        began = clock.now()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - a supervised loop
            structlog.get_logger(__name__).exception("loop.died", loop=loop)
            await died(loop, error)
        else:
            return
        if clock.now() - began > timedelta(seconds=LONGEST_WAIT):
            wait = FIRST_WAIT
        await clock.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


async def attend(
    platform: Platform,
    greet: Callable[[Platform], Awaitable[bool]],
    connection: Connection | None,
    clock: Clock,
) -> None:
    """Greet a platform, and keep its connection, if there is one, unless the token is refused."""
    if await greet(platform) and connection is not None:
        await keep(connection, platform, clock)


async def keep(connection: Connection, platform: Platform, clock: Clock) -> None:
    """Run a connection until cancelled; a token that is refused ends it, with a line in the log.

    Losing it stops commands; alerts are posted over another path.
    """
    log = structlog.get_logger(__name__).bind(platform=platform.value)
    wait = FIRST_WAIT
    while True:
        began = clock.now()
        try:
            await connection.run()
            log.warning("connection.ended", seconds=wait)
        except UnauthorizedError as error:
            log.error("connection.refused", error=f"{error} /news does not answer until then.")
            return
        except Exception:
            log.exception("connection.broken", seconds=wait)
        if clock.now() - began > timedelta(seconds=LONGEST_WAIT):
            wait = FIRST_WAIT  # it held: this is a new trouble
        await clock.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)
