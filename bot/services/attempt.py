"""Attempt: what carrying one delivery a step further comes to, posting it or looking for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.channel import Channel
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.message import MessageRef, Notice
from bot.errors import (
    ChannelDeadError,
    DeliveryError,
    MessageRejectedError,
    OutcomeUnknownError,
    PlatformDownError,
    RateLimitedError,
    UnauthorizedError,
)
from bot.ports import Clock, Messenger
from bot.ports.deliveries import Claim, Settlement
from bot.services import notices

LONGEST_THROTTLE = timedelta(days=1)
"""The longest a platform may ask us to wait."""
MOST_CRASHES = 5
"""How often a message that newsbot fails over is tried before what is behind it may pass."""
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=2)
"""Waits after a platform did not accept: doubling between the two."""
_DOUBLINGS = 10
LONGEST_LOOK_RETRY = timedelta(seconds=30)
"""The longest wait after a history could not be read: what is behind it waits for it too."""
LOOK_FOR = timedelta(minutes=15)
"""How long to go on trying to learn whether a message was posted before the channel's policy
decides: a message twice is bad, one missed is worse."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an attempt comes to.

    Attributes:
        settlement: What to write down.
        go_on: Whether the channel's next message may follow now.
        notice: What to tell the ops channel, with its key.
        dead: Why the channel is to be set aside.
        unauthorized: Why the platform is to be asked for nothing more.
    """

    settlement: Settlement
    go_on: bool = False
    notice: tuple[str, Notice] | None = None
    dead: ChannelDeadError | None = None
    unauthorized: UnauthorizedError | None = None


class Attempt:
    """Makes attempts; writes nothing down."""

    def __init__(self, *, clock: Clock, hold: Collection[Channel]) -> None:
        """Put the parts together.

        Args:
            clock: The time.
            hold: Channels in which nothing is sent again that may stand there already.
        """
        self._clock = clock
        self._hold = frozenset(hold)
        self._log = structlog.get_logger(__name__)

    async def make(self, messenger: Messenger, claim: Claim, *, before: datetime) -> Verdict:
        """Carry a delivery a step further.

        Args:
            messenger: Of the delivery's platform.
            claim: The delivery, taken.
            before: No request that posts is begun then or later.
        """
        if claim.delivery.state is DeliveryState.UNKNOWN:
            return await self._look(messenger, claim)
        return await self._post(messenger, claim.delivery, before)

    async def _post(self, messenger: Messenger, delivery: Delivery, before: datetime) -> Verdict:
        try:
            ref = await messenger.post(
                delivery.channel,
                delivery.message,
                nonce=delivery.nonce,
                before=before,
                thread=delivery.thread,
            )
        except DeliveryError as error:
            return self._refused(delivery, error)
        except Exception as error:  # noqa: BLE001 - the border of one message
            return self._broken(delivery, error)
        return _sent(ref)

    async def _look(self, messenger: Messenger, claim: Claim) -> Verdict:
        """Find out whether a message whose outcome is unknown was posted."""
        delivery, log = claim.delivery, self._bound(claim.delivery)
        since = delivery.first_sent_at or delivery.created_at
        try:
            ref = await messenger.find(
                delivery.channel,
                nonce=delivery.nonce,
                message=delivery.message,
                since=since,
                known=claim.known,
                thread=delivery.thread,
            )
        except (UnauthorizedError, ChannelDeadError) as error:
            return self._closed(delivery, error)
        except DeliveryError as error:
            return self._unseen(delivery, error, since)
        if ref is not None:
            log.info("delivery.found")
            return _sent(ref)
        log.info("delivery.absent")
        return Verdict(_settled(DeliveryState.PENDING, self._clock.now()), go_on=True)

    def _refused(self, delivery: Delivery, error: DeliveryError) -> Verdict:
        """What to do after a post that was not plainly accepted."""
        now = self._clock.now()
        log = self._bound(delivery).bind(error=str(error))
        match error:
            case RateLimitedError():
                log.info("delivery.throttled", seconds=error.retry_after.total_seconds())
                later = now + min(error.retry_after, LONGEST_THROTTLE)
                return Verdict(_settled(_unsent(delivery), later, error))
            case OutcomeUnknownError():
                log.warning("delivery.unknown")
                return Verdict(_settled(DeliveryState.UNKNOWN, now + _wait(delivery), error))
            case PlatformDownError():
                log.warning("delivery.not_accepted")
                return Verdict(_settled(_unsent(delivery), now + _wait(delivery), error))
            case ChannelDeadError() | UnauthorizedError():
                return self._closed(delivery, error)
            case MessageRejectedError():
                log.error("delivery.rejected")
                return _given_up(delivery, str(error))
            case _:
                return self._broken(delivery, error)

    def _closed(self, delivery: Delivery, error: ChannelDeadError | UnauthorizedError) -> Verdict:
        """What may have been posted stays unknown; what was not is pending."""
        settlement = _settled(_unsent(delivery), self._clock.now(), error)
        if isinstance(error, UnauthorizedError):
            return Verdict(settlement, unauthorized=error)
        return Verdict(settlement, dead=error)

    def _broken(self, delivery: Delivery, error: Exception) -> Verdict:
        """What to do after a failure nobody foresaw: it may be ours, and this message's alone."""
        self._bound(delivery).error("delivery.crashed", exc_info=error)
        what = f"newsbot failed to post it ({type(error).__name__}): please report this."
        if delivery.attempts + 1 < MOST_CRASHES:
            later = self._clock.now() + _wait(delivery)
            return Verdict(_settled(DeliveryState.UNKNOWN, later, DeliveryError(what)))
        return _given_up(delivery, what)

    def _unseen(self, delivery: Delivery, error: DeliveryError, since: datetime) -> Verdict:
        """What to do where the history cannot be read: look again, in the end decide without."""
        now = self._clock.now()
        if isinstance(error, RateLimitedError):
            later = now + min(error.retry_after, LONGEST_THROTTLE)
            return Verdict(_settled(DeliveryState.UNKNOWN, later, error))
        # A platform that is down is no reason to guess: it takes no message now either.
        is_down = isinstance(error, PlatformDownError | OutcomeUnknownError)
        if is_down or now - since < LOOK_FOR:
            wait = min(max(FIRST_RETRY, now - since), LONGEST_LOOK_RETRY)
            return Verdict(_settled(DeliveryState.UNKNOWN, now + wait, error))
        return self._undecided(delivery, error, now)

    def _undecided(self, delivery: Delivery, error: DeliveryError, now: datetime) -> Verdict:
        """The channel's policy: send again and tell, or hold it and tell."""
        log, channel, message = self._bound(delivery), delivery.channel, delivery.message
        if channel in self._hold:
            log.warning("delivery.held", error=str(error))
            held = notices.outcome_held(channel, message, str(error))
            return Verdict(
                Settlement(state=DeliveryState.DEAD, error=str(error)),
                go_on=True,
                notice=_unless_notice(delivery, "held", held),
            )
        log.warning("delivery.sent_again", error=str(error))
        unclear = notices.outcome_unclear(channel, message, str(error))
        return Verdict(
            _settled(DeliveryState.PENDING, now, error),
            go_on=True,
            notice=_unless_notice(delivery, "unclear", unclear),
        )

    def _bound(self, delivery: Delivery) -> structlog.stdlib.BoundLogger:
        bound: structlog.stdlib.BoundLogger = self._log.bind(
            channel=str(delivery.channel), key=delivery.key
        )
        return bound


def _sent(ref: MessageRef) -> Verdict:
    return Verdict(Settlement(state=DeliveryState.SENT, ref=ref), go_on=True)


def untouched(delivery: Delivery) -> Verdict:
    """Nothing was done for a delivery after all; it is put back."""
    return Verdict(Settlement(state=_unsent(delivery), due_at=delivery.due_at))


def _unsent(delivery: Delivery) -> DeliveryState:
    """Where one stands of which this attempt certainly left nothing.

    If an earlier attempt may have, its having been absent since says nothing of the time to come:
    it is looked for again.
    """
    is_doubtful = delivery.first_sent_at is not None
    return DeliveryState.UNKNOWN if is_doubtful else DeliveryState.PENDING


def _settled(
    state: DeliveryState, due_at: datetime, error: DeliveryError | None = None
) -> Settlement:
    return Settlement(state=state, due_at=due_at, error=None if error is None else str(error))


def _given_up(delivery: Delivery, what: str) -> Verdict:
    refused = notices.message_refused(delivery.channel, delivery.message, what)
    return Verdict(
        Settlement(state=DeliveryState.DEAD, error=what),
        go_on=True,
        notice=_unless_notice(delivery, "refused", refused),
    )


def _unless_notice(delivery: Delivery, what: str, notice: Notice) -> tuple[str, Notice] | None:
    """No notice about a notice: that would go on for ever."""
    is_notice = isinstance(delivery.message, Notice)
    return None if is_notice else (f"{what}:{delivery.delivery_id}", notice)


def _wait(delivery: Delivery) -> timedelta:
    doubled: timedelta = FIRST_RETRY * 2 ** min(delivery.attempts, _DOUBLINGS)
    return min(doubled, LONGEST_RETRY)
