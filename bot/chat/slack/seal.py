"""Seal: secrets made unreadable for whoever has the database and not the key.

Fernet, by `cryptography`: AES in CBC mode with an HMAC and the time (github.com/fernet/spec). What
is sealed names what it is about, so that it opens nothing else.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.ports import Clock

_BETWEEN = b"\n"


class BrokenSealError(ValueError):
    """It was sealed with none of the keys, about something else, too long ago, or is nothing."""


class Seal:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[str], clock: Clock) -> None:
        """Take the keys.

        Args:
            keys: Fernet's, 44 characters each; at least one.
            clock: The time.
        """
        self._newest = Fernet(keys[0])
        self._keys = MultiFernet([Fernet(key) for key in keys])
        self._clock = clock

    def close(self, secret: str, *, about: str) -> bytes:
        """Seal; the same secret looks different each time.

        Args:
            secret: What nobody is to read.
            about: What it is, in one line; `open` is to say the same.
        """
        named = _BETWEEN.join((about.encode(), secret.encode()))
        return self._keys.encrypt_at_time(named, self._seconds(self._clock.now()))

    def open(self, sealed: bytes, *, about: str, within: timedelta | None = None) -> str:
        """What was sealed.

        Args:
            sealed: By `close`.
            about: As it was given there.
            within: How long ago it may have been sealed; None: at any time.

        Raises:
            BrokenSealError: It is not to be believed.
        """
        try:
            named = self._keys.decrypt(sealed) if within is None else self._fresh(sealed, within)
        except InvalidToken as error:
            raise BrokenSealError("sealed with another key, too old, or not sealed") from error
        subject, _, secret = named.partition(_BETWEEN)
        if subject != about.encode():
            raise BrokenSealError("sealed about something else")
        return secret.decode()

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the first key alone opens it, and the others may go."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def _fresh(self, sealed: bytes, within: timedelta) -> bytes:
        lasts = int(within.total_seconds())
        return self._keys.decrypt_at_time(sealed, lasts, self._seconds(self._clock.now()))

    @staticmethod
    def _seconds(moment: datetime) -> int:
        return int(moment.timestamp())
