"""Scans before the tests: secrets in the repository, known weaknesses of the packages, packages that do not fit.

`python .ci/scan.py --accept` keeps today's finds of the secret scan as known ones, each looked at by a person.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".venv" / "scanners" / "bin"
BASELINE = ROOT / ".secrets.baseline"
LEFT_OUT = r"^(requirements.*\.lock|\.secrets\.baseline|bot/locale/.*|tests/fuzz/finds/.*|.*\.svg)$"
"""Hashes of packages, sentences, and payloads made of random letters."""

LOCKS = ("requirements.lock", "requirements-dev.lock")
CANARY = "requests==2.19.0"
"""Known to be weak (CVE-2018-18074): as long as the service does not say so, its silence proves nothing."""


def main() -> int:
    if "--accept" in sys.argv:
        BASELINE.write_text(json.dumps(_found_secrets(), indent=1, sort_keys=True) + "\n")
        return 0
    steps = (_secrets, _fit, _weaknesses)
    return max([step() for step in steps])


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _found_secrets() -> dict[str, list[str]]:
    """What looks like a secret: its hashes by file. Files that git knows are looked at."""
    told = _run(str(TOOLS / "detect-secrets"), "scan", "--exclude-files", LEFT_OUT)
    if told.returncode != 0:
        raise SystemExit(f"detect-secrets failed: {told.stderr[-500:]}")
    found = json.loads(told.stdout)["results"]
    return {name: sorted({each["hashed_secret"] for each in finds}) for name, finds in sorted(found.items())}


def _secrets() -> int:
    known = json.loads(BASELINE.read_text())
    new = {name: set(hashes) - set(known.get(name, ())) for name, hashes in _found_secrets().items()}
    names = [name for name, hashes in new.items() if hashes]
    if not names:
        print("scan: no secrets")
        return 0
    print(f"scan: this looks like a secret, in {', '.join(names)}.")
    print("If it is none, `.venv/bin/python .ci/scan.py --accept` keeps it as known.")
    return 1


def _fit() -> int:
    """Every package was installed by its hash (pip refuses any other); here, that they go together."""
    told = _run(str(ROOT / ".venv/bin/python"), "-m", "pip", "check")
    print("scan: the packages fit" if told.returncode == 0 else f"scan: {told.stdout}")
    return told.returncode


def _weaknesses() -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as canary:
        canary.write(CANARY + "\n")
        canary.flush()
        if not _audited("--no-deps", "-r", canary.name):
            print("scan: PyPI's advisories cannot be reached from here; known weaknesses were not looked for")
            return 0
    weak = _audited(*(part for lock in LOCKS for part in ("-r", lock)))
    if weak is None:
        print("scan: pip-audit could not read the locks")
        return 1
    for line in weak:
        print(f"scan: {line}")
    if not weak:
        print("scan: no known weakness")
    return 1 if weak else 0


def _audited(*arguments: str) -> list[str] | None:
    """Packages that have known weaknesses, one line each; None where the tool failed."""
    told = _run(str(TOOLS / "pip-audit"), "--disable-pip", "--progress-spinner", "off", "-f", "json", *arguments)
    try:
        packages = json.loads(told.stdout)["dependencies"]
    except ValueError:
        return None
    return [
        f"{each['name']} {each['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'none'}"
        for each in packages
        for weakness in each.get("vulns", ())
    ]


if __name__ == "__main__":
    sys.exit(main())
