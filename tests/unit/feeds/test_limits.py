"""Limits hold in the process that sets them, so each test has one of its own."""

import subprocess
import sys

import pytest

from bot.feeds.limits import taken

LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux counts a process's own memory"
)


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter."""
    lines = f"from bot.feeds.limits import limit_memory, limit_processor\n{code}"
    command = [sys.executable, "-c", lines]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter


@LINUX
def test_memory_beyond_the_limit_is_refused() -> None:
    assert run("limit_memory(64_000_000); bytearray(32_000_000)").returncode == 0
    assert "MemoryError" in run("limit_memory(64_000_000); bytearray(96_000_000)").stderr


def test_a_process_that_runs_on_is_killed() -> None:
    assert run("limit_processor(0)\nwhile True: pass").returncode < 0


def test_the_time_that_was_used_before_does_not_count() -> None:
    used = "import time\nwhile time.process_time() < 1.2: pass\n"

    assert run(f"{used}limit_processor(1)\nprint('alive')").stdout == "alive\n"


def test_reads_the_memory_a_process_has() -> None:
    assert taken("VmSize:\t  9999 kB\nVmData:\t   128 kB\n") == 131_072
    assert taken("nothing") == 0
