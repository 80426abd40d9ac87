"""A copy of the repository, in which a recipe of README is carried out as a reader would do it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT
from tests.support import loopback

RECIPES = Path(__file__).parent
KEY = "A" * 43 + "="
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", "*_cache", ".hypothesis", "*.egg-info", "build", "dist", "var", "*.db*", ".env"
)


class Tree:
    """`made` are the new files and `changed` the edited ones, both as paths from the root."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "tree"
        self.made: set[str] = set()
        self.changed: set[str] = set()
        shutil.copytree(ROOT, self.root, ignore=NOT_COPIED)

    def new(self, path: str, source: str = "") -> None:
        """A new file, copied from `source` in this folder; an empty one without."""
        target = self.root / path
        assert not target.exists(), f"{path} is there already"
        target.parent.mkdir(exist_ok=True)
        target.write_text((RECIPES / source).read_text(encoding="utf-8") if source else "", encoding="utf-8")
        self.made.add(path)

    def edit(self, path: str, *, below: str = "", above: str = "", put: str) -> None:
        """Put something below, above or between what the file has once."""
        target = self.root / path
        text = target.read_text(encoding="utf-8")
        mark = below + above
        assert text.count(mark) == 1, f"{path} has {mark!r} {text.count(mark)} times"
        target.write_text(text.replace(mark, below + put + above), encoding="utf-8")
        self.changed.add(path)

    def prove(self, recipe: str, **settings: str) -> None:
        """Run the recipe's `proof.py`, which fails an assertion unless the product of this copy works."""
        places = (loopback.CHILDREN, self.root, ROOT)
        environment = {"PATH": os.environ["PATH"], "SECRET_KEYS": KEY, **settings}
        environment["PYTHONPATH"] = os.pathsep.join(map(str, places))
        _run([sys.executable, str(RECIPES / recipe / "proof.py")], self.root, environment)

    def check(self) -> None:
        """Style, types, the direction of imports and the rules of `tests/architecture`, all in the copy.

        Left out are two that no addition can break: which SDKs a process imports, and that tests replace no method.
        """
        if (ROOT / ".mypy_cache").exists():
            shutil.copytree(ROOT / ".mypy_cache", self.root / ".mypy_cache")
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        tools = Path(sys.executable).parent
        for command in (
            [tools / "ruff", "check", "."],
            [tools / "lint-imports", "--no-logo"],
            [tools / "mypy", "bot", "storage"],
            [sys.executable, "-m", "pytest", "-q", "-n", "0", "--sqlite-only", "-p", "no:cacheprovider",
             "tests/architecture", "--ignore", "tests/architecture/test_imports.py", "-k", "not tests_replace"],
        ):  # fmt: skip
            _run([str(part) for part in command], self.root, environment)


def recipe(begins: str) -> str:
    """The text of the recipe in README that begins with these words."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^- \*\*{re.escape(begins)}\*\*: (.+?)(?=\n- |\n\n)", text, re.MULTILINE | re.DOTALL)
    assert found, f"README has no recipe for {begins!r}"
    return " ".join(found[1].split())


def needs_only_what_it_names(tree: Tree, text: str) -> None:
    """New files lie in a folder that the recipe names or are named by it; it names every file that is edited."""
    named = set(re.findall(r"`([\w./-]+)`", text))
    if "the table above" in text:
        named.add("README.md")
    folders = tuple(name for name in named if name.endswith("/"))
    assert {path for path in tree.changed if path not in named} == set()
    assert [path for path in tree.made if path not in named and not path.startswith(folders)] == []


def _run(command: list[str], at: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=at, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
