"""Audit: the licences of all that is installed, and its known weaknesses where they can be asked.

    python -m bench.audit

Ends with status 1 for a licence that is unknown or binds what uses it (GPL, AGPL, SSPL), and for a
weakness that pip-audit finds. Where pip-audit or its database cannot be reached, says so.
"""

import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import Distribution, distributions

_KNOWN = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|PSF|Python Software Foundation|PYTHON|MPL|Mozilla|Unlicense|CC0|Zlib"
    r"|HPND|0BSD|any-OSI|LGPL|Lesser General Public)\b",
    re.IGNORECASE,
)
_BINDING = re.compile(
    r"(?<!L)(?<!Lesser )\b(?:A?GPL|(?:Affero )?General Public|SSPL|EUPL)", re.IGNORECASE
)
_SECONDS = 120


def main() -> None:
    refused = _licences()
    weak = _weaknesses()
    sys.exit(refused or weak)


def licence(distribution: Distribution) -> str:
    """What a package says its licence is; empty where it says nothing."""
    metadata = distribution.metadata
    classified = (
        classifier.rpartition(" :: ")[2]
        for classifier in metadata.get_all("Classifier") or ()
        if classifier.startswith("License ::")
    )
    written = (metadata.get("License") or "").strip().partition("\n")[0]
    said = metadata.get("License-Expression") or ", ".join(classified) or written
    return str(said)


def is_refused(said: str) -> bool:
    """Whether a licence is unknown, or binds what uses it."""
    free = [part for part in re.split(r"\bOR\b|,", said) if not _BINDING.search(part)]
    return not any(map(_KNOWN.search, free))


def _licences() -> bool:
    found = {one.metadata["Name"]: licence(one) for one in distributions()}
    refused = [name for name, said in found.items() if is_refused(said)]
    for name in sorted(found, key=str.lower):
        print(f"{'REFUSED' if name in refused else 'ok':8} {name:24} {found[name] or 'unknown'}")
    kinds = Counter(said.partition(" ")[0] for said in found.values())
    print(f"licences: {len(found)} packages, {len(refused)} refused; {len(kinds)} kinds")
    return bool(refused)


def _weaknesses() -> bool:
    """Ask pip-audit; True where it finds any."""
    command = [sys.executable, "-m", "pip_audit", "--local", "--skip-editable", "--timeout", "10"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        print("known weaknesses: NOT CHECKED, pip-audit's database did not answer")
        return False
    if "No module named pip_audit" in done.stderr:
        print("known weaknesses: NOT CHECKED, pip-audit is not installed (pip install pip-audit)")
        return False
    if done.returncode and "vulnerabilit" not in done.stderr + done.stdout:
        print("known weaknesses: NOT CHECKED, pip-audit's database cannot be reached from here")
        return False
    print(f"known weaknesses: {'FOUND' if done.returncode else 'none'}\n{done.stdout}".rstrip())
    return bool(done.returncode)


if __name__ == "__main__":
    main()
