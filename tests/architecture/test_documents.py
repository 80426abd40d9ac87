"""README, the documents, the Procfile and the lock files agree with the code."""

import ast
import re
import tomllib
from fnmatch import fnmatch

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.integrations.payments.stripe.endpoints import NEEDED
from tests.architecture.source import ROOT, product

SETTING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
PLACE = re.compile(r"`([\w.][\w./-]*(?:\.py|/))`")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def settings() -> list[str]:
    """The names that the files of settings look up or describe: first arguments and keys in capitals."""
    names = [
        part.value
        for source in product()
        if source.path == "bot/config.py" or source.path.endswith("_settings.py")
        for node in ast.walk(source.tree)
        for part in named(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return sorted({name for name in names if len(name) > 3 and SETTING.fullmatch(name)})


def named(node: ast.AST) -> list[ast.expr | None]:
    if isinstance(node, ast.Call):
        return [*node.args[:1]]
    if isinstance(node, ast.Subscript):
        return [node.slice]
    return list(node.keys) if isinstance(node, ast.Dict) else []


def test_every_setting_is_in_the_readme() -> None:
    handled = settings()
    if not handled:
        return
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in readme.splitlines() if line.startswith("|"))
    documented = set(re.findall(r"`([^`]+)`", rows))
    missing = [name for name in handled if name not in documented]
    assert not missing, f"not in a table of README: {missing}"


def test_every_file_and_folder_that_a_document_names_is_there() -> None:
    """From the root, from `bot/`, or beside the document."""
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "tests/force/README.md"]
    documents += (ROOT / "docs").rglob("*.md")
    lost = [
        f"{document.relative_to(ROOT)}: {place}"
        for document in documents
        for place in PLACE.findall(document.read_text(encoding="utf-8"))
        if not any((folder / place).exists() for folder in (ROOT, ROOT / "bot", document.parent))
    ]
    assert not lost, "\n".join(lost)


def test_the_readme_names_every_event_that_must_be_heard() -> None:
    named = re.findall(r"`([a-z_]+(?:\.[a-z_*]+)+)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    missing = [event for event in NEEDED if not any(fnmatch(event, each) for each in named)]
    assert not missing, f"not named by README: {missing}"


def test_the_readme_says_what_each_noun_is_about() -> None:
    """A folder of the layers that is a noun stands in the table of nouns; `kit` has what several share."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = readme.partition("| Noun |")[2].partition("\n\n")[0].splitlines()
    named = {noun for row in rows for noun in re.findall(r"`(\w+)`", row.split("|")[1])}
    layers = [ROOT / "bot" / layer for layer in ("domain", "services", "handlers")]
    nouns = {path.parent.name for layer in layers for path in layer.glob("*/__init__.py")} - {"kit"}
    assert nouns <= named, f"no row of README's nouns: {sorted(nouns - named)}"


def test_every_target_of_make_that_a_document_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    named = {target for text in texts for target in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)}
    assert named <= targets


def test_the_processes_are_commands_that_exist() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert dict(line.split(": ") for line in lines) == {
        "web": "rapport web",
        "worker": "rapport worker",
        "release": "rapport migrate",
    }


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_the_lock_answers_what_is_asked(lock: str, groups: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + [r for g in groups for r in project["dependency-groups"][g]]
    text = (ROOT / lock).read_text()
    pinned = {canonicalize_name(name): version for name, version in PINNED.findall(text)}
    for line in wanted:
        requirement = Requirement(line)
        assert pinned.get(canonicalize_name(requirement.name), "") in requirement.specifier, line
    assert text.count("==") <= text.count("--hash=sha256:")


def test_both_locks_agree() -> None:
    locks = ("requirements.lock", "requirements-dev.lock")
    runtime, development = (dict(PINNED.findall((ROOT / lock).read_text())) for lock in locks)
    assert runtime.items() <= development.items()
