"""Limit: how much memory and processor time a parsing process may take of the machine."""

import re
import resource
import time
from pathlib import Path

_STATUS = Path("/proc/self/status")
_DATA = re.compile(r"^VmData:\s+(\d+) kB$", re.MULTILINE)
_KIB = 1024


def limit_memory(extra: int) -> None:
    """Let this process take so many bytes more than it has now; Linux only.

    Other systems either lack the limit or count what is mapped but never used.
    """
    if not _STATUS.exists():
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (taken(_STATUS.read_text()) + extra, hard))


def limit_processor(extra: int) -> None:
    """Let this process run for so many seconds more, whatever it has run; then it is killed."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + extra, hard))


def taken(status: str) -> int:
    """Bytes of memory of its own that a process has, by its `/proc/…/status`."""
    found = _DATA.search(status)
    return int(found[1]) * _KIB if found else 0
