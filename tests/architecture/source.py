"""The product's own source, parsed once for the rules of this folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "storage")


@dataclass(frozen=True)
class Source:
    path: str  # from the root, with forward slashes
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def product() -> tuple[Source, ...]:
    """Every Python file of the product but the migrations: history is not edited to fit a rule."""
    paths = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
    return tuple(parse(p) for p in paths if "migrations/versions" not in p.as_posix())


@cache
def suite() -> tuple[Source, ...]:
    return tuple(parse(p) for p in sorted((ROOT / "tests").rglob("*.py")))


def parse(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text, str(path)))


def imports(source: Source) -> Iterator[tuple[str, ast.AST]]:
    """Each imported name in full: `import a.b` gives `a.b`, `from a import b` gives `a.b`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def dotted(node: ast.AST) -> str:
    """`a.b.c` for such an expression, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")
