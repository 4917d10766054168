"""Source: the catalog on disk, read again when its files change."""

from collections.abc import Mapping
from pathlib import Path

from bot.catalog.load import load_catalog, rule_files
from bot.domain.catalog import Catalog

_Fingerprint = Mapping[Path, tuple[int, int]]
"""Of each file the time of its last change, in nanoseconds, and its size in bytes."""


class CatalogSource:
    """Holds the last catalog that was free of mistakes."""

    def __init__(self, feeds: Path, rules: Path, environ: Mapping[str, str]) -> None:
        self._feeds = feeds
        self._rules = rules
        self._environ = environ
        self._seen: _Fingerprint = {}
        self._current: Catalog | None = None

    @property
    def current(self) -> Catalog | None:
        """What was last read without a mistake; None before."""
        return self._current

    def load(self) -> Catalog:
        """Read the files, changed or not.

        Raises:
            ConfigError: They hold mistakes; `current` stays as it was.
        """
        # Taken before reading: what is saved meanwhile is seen as a change next time.
        self._seen = self._fingerprint()
        self._current = load_catalog(self._feeds, self._rules, self._environ)
        return self._current

    def changed(self) -> bool:
        """Whether a file was changed, added or removed since they were last read, well or not."""
        return self._fingerprint() != self._seen

    def refresh(self) -> Catalog | None:
        """Read the files if they changed; a mistake is raised once, not at every call.

        Returns:
            The new catalog; None where no file changed.

        Raises:
            ConfigError: The changed files hold mistakes; `current` stays as it was.
        """
        return self.load() if self.changed() else None

    def _fingerprint(self) -> _Fingerprint:
        found = {}
        for file in (self._feeds, *rule_files(self._rules)):
            try:
                status = file.stat()
            except FileNotFoundError:  # between listing and looking, or missing altogether
                continue
            found[file] = (status.st_mtime_ns, status.st_size)
        return found
