"""Words are not cut by hand: a channel shortens each label to the room it has, and `shorten` all else, with a sign."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Source, dotted, product
from tests.architecture.test_words import MARKERS, SPEAKING, displayed

TEXTS = {"name", "label", "text", "title"}
STRIPPING = {"strip", "lstrip", "rstrip"}
JOINING = {"join", "joined"}
"""What is cut in one of these is a list."""


def test_no_words_are_cut_by_hand() -> None:
    cut = [source.at(node) for source in product() if source.path.startswith(SPEAKING) for node in cuts(source)]
    assert not cut, f"leave a label to its channel, give other words to `shorten`: {', '.join(cut)}"


def test_the_rule_sees_what_it_forbids() -> None:
    text = """
Button(coach.name[:30], "team")
Button(_("Remove {name}", name=name)[:30], "team")
Wrong(_("I do not know “{words}”.", words=raw[:40]))
said = text.strip()[:80]
words = f"{sessions} × {offer}"[:60]
fine = [Button(code[5:], "team"), found[:8], _("Among them {names}.", names=", ".join(names[:3])), raw[:4]]
lines = [Line(each) for each in found[:8]]
"""
    found = cuts(Source("bot/handlers/x.py", text, ast.parse(text)))
    assert [node.lineno for node in found] == [2, 3, 4, 5, 6]


def cuts(source: Source) -> list[ast.Subscript]:
    every = list(ast.walk(source.tree))
    shown = [part for node in every for part in (*displayed(node), *filled_in(node))]
    found = [node for part in shown for node in beginnings(part)]
    found += [node for node in every if isinstance(node, ast.Subscript) and is_beginning(node) and is_text(node.value)]
    return sorted(set(found), key=lambda node: node.lineno)


def filled_in(node: ast.AST) -> list[ast.expr]:
    if not isinstance(node, ast.Call) or dotted(node.func) not in MARKERS:
        return []
    return [keyword.value for keyword in node.keywords]


def beginnings(node: ast.AST) -> Iterator[ast.Subscript]:
    if isinstance(node, ast.comprehension) or called(node) in JOINING:
        return
    if isinstance(node, ast.Subscript) and is_beginning(node):
        yield node
    for part in ast.iter_child_nodes(node):
        yield from beginnings(part)


def is_beginning(node: ast.Subscript) -> bool:
    return isinstance(node.slice, ast.Slice) and node.slice.lower is None and node.slice.upper is not None


def is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in TEXTS
    return isinstance(node, ast.JoinedStr) or called(node) in MARKERS | STRIPPING


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
