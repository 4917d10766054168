"""Door: lets in what Slack has signed, once, and within five minutes.

docs.slack.dev/authentication/verifying-requests-from-slack
"""

from collections.abc import Mapping

from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier

from bot.ports import Clock

PATH = "/slack/events"
"""Where Slack is told to send everything."""
FRESH_SECONDS = 300
"""How far a request's time may be from ours, either way: what slack_sdk's verifier allows."""

_TIMESTAMP, _SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


class Door:
    """Tells Slack's requests from forged, replayed and stale ones.

    What was let in is remembered for as long as its time would let it in again, in this process.
    """

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        """Nothing was let in yet.

        Args:
            signing_secret: Of the app, known to Slack and newsbot alone.
            clock: The time.
        """
        self._verifier = SignatureVerifier(signing_secret, _Seconds(clock))
        self._clock = clock
        self._seen: dict[str, float] = {}

    def lets_in(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a request is to be carried out; the second time one comes, it is not.

        Args:
            headers: Their names in any letter case.
            body: As it was sent.
        """
        timestamp, signature = headers.get(_TIMESTAMP, ""), headers.get(_SIGNATURE, "")
        try:
            genuine = self._verifier.is_valid(body, timestamp, signature)
        except (ValueError, TypeError):  # a time that is no number, a text that is not in UTF-8
            return False
        if not genuine:
            return False
        now = self._clock.now().timestamp()
        self._forget(now)
        if signature in self._seen:
            return False
        self._seen[signature] = int(timestamp) + FRESH_SECONDS
        return True

    def _forget(self, now: float) -> None:
        """Leave out what is too old to come again; what came first is mostly the oldest."""
        for signature in [known for known, until in self._seen.items() if until < now]:
            del self._seen[signature]


class _Seconds(SignatureClock):
    """newsbot's clock, as slack_sdk reads it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()
