"""Audit: the licences of all that is installed, and its known weaknesses where they can be asked.

    python -m bench.audit

Ends with status 1 for a licence that is unknown or binds what uses it (GPL, AGPL, SSPL), and for a
weakness that pip-audit finds. Where pip-audit or a database cannot be reached, or does not know a
package, says so.
"""

import importlib.util
import json
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
_DATABASES = ("pypi", "osv")


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
    return str(said or _title(distribution))


def _title(distribution: Distribution) -> str:
    """The first line of its licence's text, for a package that says nothing itself."""
    names = distribution.metadata.get_all("License-File") or ()
    texts = (distribution.read_text(f"licenses/{name}") or "" for name in names)
    return next((text.strip().partition("\n")[0] for text in texts), "")


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
    """Ask pip-audit of each database in turn; True where either knows of any."""
    if importlib.util.find_spec("pip_audit") is None:
        print("known weaknesses: NOT CHECKED, pip-audit is not installed: pip install pip-audit")
        return False
    known = [_known_to(database) for database in _DATABASES]
    return any(known)


def _known_to(database: str) -> bool:
    command = [sys.executable, "-m", "pip_audit", "--local", "--skip-editable", "--format=json"]
    command += ["--progress-spinner=off", "--timeout=10", f"--vulnerability-service={database}"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        asked = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        print(f"known weaknesses: NOT CHECKED with {database}, which cannot be reached from here")
        return False
    # Of a package that it does not find, pip-audit says nothing but that.
    known = [one for one in asked if "vulns" in one]
    weak = [one for one in known if one["vulns"]]
    for one in weak:
        names = ", ".join(found["id"] for found in one["vulns"])
        print(f"WEAK     {one['name']} {one['version']}: {names}")
    told = f"{len(known)} of {len(asked)} packages are known to {database}, {len(weak)} weak"
    print(f"known weaknesses: {told if known else f'NOT CHECKED, {told}'}")
    return bool(weak)


if __name__ == "__main__":
    main()
