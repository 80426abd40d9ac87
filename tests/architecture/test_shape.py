"""Files and functions stay small, packages stay plain, and every part has its place in the layers."""

import ast
import tomllib
from collections import Counter

from tests.architecture.source import PACKAGES, ROOT, imports, product, suite, within

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
MOST_FILES = 24  # what a reader takes in at one look


def test_no_file_is_long() -> None:
    lengths = {source.path: len(source.text.splitlines()) for source in (*product(), *suite())}
    long = [f"{path}: {length} lines" for path, length in lengths.items() if length > LONGEST_FILE]
    assert not long, "\n".join(long)


def test_no_folder_is_crowded() -> None:
    files = (path for top in (*PACKAGES, "tests", "bench") for path in (ROOT / top).rglob("*.py"))
    folders = Counter(path.parent for path in files if path.parent.name != "versions")
    crowded = [f"{folder.relative_to(ROOT)}: {count} files" for folder, count in folders.items() if count > MOST_FILES]
    assert not crowded, "\n".join(crowded)


def test_no_function_is_long() -> None:
    long = [
        f"{source.at(node)} {node.name}: {length} lines"
        for source in product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_package_roots_are_empty() -> None:
    full = [s.path for s in product() if s.path.endswith("__init__.py") and s.text.strip()]
    assert not full


def test_every_folder_of_code_is_a_package() -> None:
    """Without the empty file a folder is left out of an installed copy."""
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    bare = [
        folder.relative_to(ROOT).as_posix()
        for folder in folders
        if not (folder / "__init__.py").exists() and "migrations" not in folder.parts
    ]
    assert not sorted(bare)


def test_every_part_has_a_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [layers] = [c["layers"] for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == "layers"]
    placed = {name.strip(" ()") for layer in layers for name in layer.replace(":", "|").split("|")}
    parts = {
        f"bot.{path.stem}"
        for path in (ROOT / "bot").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert not parts - placed, "name it in the layers of pyproject.toml"


def test_the_product_does_not_know_that_it_is_tested() -> None:
    knowing = [
        source.at(node)
        for source in product()
        for name, node in imports(source)
        if any(within(name, package) for package in ("pytest", "tests", "unittest", "hypothesis"))
    ]
    knowing += [source.path for source in product() if "PYTEST" in source.text]
    assert not knowing


def test_tests_replace_the_wire_and_never_a_method() -> None:
    mocking = [
        source.at(node)
        for source in suite()
        for name, node in imports(source)
        if any(within(name, package) for package in ("unittest.mock", "mock", "pytest_mock"))
    ]
    assert not mocking
