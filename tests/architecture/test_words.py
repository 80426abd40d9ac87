"""No sentence that a person reads bypasses gettext, and every sentence is there in every language."""

import ast
import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.chat.words import DEFAULT_LANGUAGE, LANGUAGES
from tests.architecture.source import ROOT, Source, dotted, product

SPEAKING = ("bot/handlers/", "bot/chat/")
# Here much text is markup, names and what vendors say: only what reads like a sentence, or is shown, is one.
SPEAKING_AMONG_MARKUP = ("bot/channels/", "bot/pages/", "bot/web/pay")
PROSE = re.compile(r"[A-Z][\w’']* [a-z]+|(?:[\w’']+,? ){2,}[\w’']+[.!?…]?$")
# Nobody reads what is said here, but what begins like a sentence would be meant for somebody.
SPEAKING_AT_TIMES = ("bot/web/", "bot/services/", "bot/integrations/", "bot/scheduling/")
SENTENCE = re.compile(r"[A-Z]\w* [a-z]+")
MARKUP = re.compile(r"<[^>]*>?|&\w+;")
MARKERS = {"_", "ngettext", "N_"}
# Arguments that a person reads, whatever their length; `Button("Back", …)` is caught by its position.
SHOWN = {"title", "text", "label", "body", "hint", "note", "placeholder", "question", "words", "toast"}
SHOWERS = {"Button", "Link", "Line", "Wrong", "plain", "marked", "notice"}
LOCALE = ROOT / "bot" / "locale"
# A text that only looks like a sentence, with the reason why it is not one.
ALLOWED = {
    "Slack does not accept the token": "said by `rapport doctor`, to the operator",
    "Slack does not answer": "said by `rapport doctor`, to the operator",
    "what answers there is not Slack": "said by `rapport doctor`, to the operator",
    "what answers there is not Telegram": "said by `rapport doctor`, to the operator",
    "Telegram sends updates to ": "said by `rapport doctor`, to the operator",
    "Telegram could not deliver an update at ": "said by `rapport doctor`, to the operator",
    "Telegram does not send ": "said by `rapport doctor`, to the operator",
    "Stripe has no webhook endpoint for ": "said by `rapport doctor`, to the operator",
    "Slack answers ": "said by `rapport doctor`, to the operator",
    "Resend answers ": "said by `rapport doctor`, to the operator",
    "Resend does not answer": "said by `rapport doctor`, to the operator",
    "the mail server answers ": "said by `rapport doctor`, to the operator",
    "the mail server does not answer": "said by `rapport doctor`, to the operator",
    "the mail server refuses the user or the password (": "said by `rapport doctor`, to the operator",
    "the mail server's certificate is not valid for its name": "said by `rapport doctor`, to the operator",
    "the mail server offers no TLS, or takes no user and password over it": "said by `rapport doctor`, to the operator",
    "what answers there is not Twilio": "said by `rapport doctor`, to the operator",
    "the account is ": "said by `rapport doctor`, to the operator",
    "Sent from your Twilio trial account - ": "what Twilio puts before a text of a trial account",
    "can't initiate conversation": "an error of Telegram's, by which it is known",
    "message is not modified": "an error of Telegram's, by which it is known",
    "chat not found": "an error of Telegram's, by which it is known",
    "user not found": "an error of Telegram's, by which it is known",
    "named by OWNERS": "a reason as the audit keeps it; its words stand beside it",
    "/coach join": "a command",
    "/coach join ": "a command",
    "/report money": "a command",
    "/report tax": "a command",
    "/rapport card": "a command",
    "/rapport card ": "a command",
    "mon-fri 9-17": "a line of hours, which is read in any language",
    "mon-thu 9-12,14-17": "a line of hours, which is read in any language",
}


def test_no_sentence_bypasses_gettext() -> None:
    bypassing = [
        f"{source.path}:{line} {text!r}"
        for source in product()
        for line, text in bypassed(source)
        if text not in ALLOWED
    ]
    assert not bypassing, "\n".join(bypassing)


def test_what_is_translated_can_be_found_by_the_extractor() -> None:
    hidden = [
        source.at(node)
        for source in product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and dotted(node.func) in MARKERS and source.path != "bot/chat/words.py"
        if not all(literal(text) for text in said(node)) and not marked_elsewhere(node)
    ]
    assert not hidden, "give gettext a literal: " + ", ".join(hidden)


def test_every_language_that_is_offered_has_a_catalogue() -> None:
    assert {path.parent.parent.name for path in catalogues()} == set(LANGUAGES) - {DEFAULT_LANGUAGE}


def test_every_language_says_everything() -> None:
    wanted = messages()
    for path in catalogues():
        catalogue = read(path)
        known = {key(m.id): m for m in catalogue if m.id}
        silent = [k for k in wanted if k not in known or empty(known[k].string) or known[k].fuzzy]
        assert not silent, f"{path.parent.parent.name} lacks, after `make catalogues`: {silent[:10]}"


def test_translations_keep_their_places() -> None:
    for path in catalogues():
        for message in read(path):
            if not message.id or empty(message.string):
                continue
            wanted = places(message.id)
            for translation in message.string if isinstance(message.string, tuple) else (message.string,):
                assert places(translation) <= wanted, (path.parent.parent.name, message.id, translation)
            assert places(message.string) == wanted, (path.parent.parent.name, message.id, message.string)


def test_compiled_catalogues_are_of_today() -> None:
    for path in catalogues():
        compiled = path.with_suffix(".mo")
        assert compiled.exists(), "run `make catalogues`"
        with compiled.open("rb") as handle:
            spoken = gettext.GNUTranslations(handle)
        for message in read(path):
            if message.id and not message.fuzzy and isinstance(message.id, str) and message.string:
                assert spoken.gettext(message.id) == message.string, "run `make catalogues`"


def test_the_rule_sees_what_it_forbids() -> None:
    text = '''
"""A docstring may say anything."""
Button("Back", to="home")
Screen(title="Cancel", body=(Line(f"{name} is late"),))
tell("See you soon")
fine = [_("See you soon"), Button(_("Back"), "home"), f"{a} {b}", "book/3", log.info("sent a row")]
raise ValueError("not for people")
'''
    found = untranslated(Source("bot/handlers/x.py", text, ast.parse(text)))
    assert [line for line, _text in found] == [3, 4, 4, 5]


def test_the_rule_sees_a_sentence_among_markup() -> None:
    text = """
page = "<p>Nothing was charged.</p>"
plain("Close")
call("chat.postMessage", text="Saved")
words = "your payment came late"
fine = ["<a href='", "chat.postMessage", plain(_("Close")), "max-age=60, private", "Bearer 7", "X-Slack-Signature"]
"""
    found = bypassed(Source("bot/channels/x.py", text, ast.parse(text)))
    assert [line for line, _text in found] == [2, 3, 4, 5]


def test_no_words_stand_within_an_f_string() -> None:
    """What collects the words does not look there."""
    within = [
        f"{source.path}:{call.lineno}"
        for source in product()
        for text in ast.walk(source.tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and dotted(call.func) in MARKERS
    ]
    assert within == []


def bypassed(source: Source) -> list[tuple[int, str]]:
    found = untranslated(source)
    if source.path.startswith(SPEAKING):
        return found
    if source.path.startswith(SPEAKING_AMONG_MARKUP):
        shown = {id(part) for node in ast.walk(source.tree) for part in displayed(node)}
        said = {(part.lineno, part.value) for part in constants(source) if id(part) in shown}
        return [each for each in found if each in said or PROSE.match(MARKUP.sub(" ", each[1]).strip())]
    return [each for each in found if source.path.startswith(SPEAKING_AT_TIMES) and SENTENCE.match(each[1])]


def constants(source: Source) -> list[ast.Constant]:
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.Constant)]


def untranslated(source: Source) -> list[tuple[int, str]]:
    exempt = {id(part) for node in ast.walk(source.tree) for part in exempted(node)}
    shown = {id(part) for node in ast.walk(source.tree) for part in displayed(node)}
    return sorted(
        (node.lineno, node.value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in exempt
        if re.search(r"[^\W\d_]", node.value) and (" " in node.value.strip() or id(node) in shown)
    )


def exempted(node: ast.AST) -> Iterator[ast.AST]:
    """Texts for gettext, for developers (docstrings, errors, logs, guards of routes) and for type checkers."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Call) and is_spoken_or_logged(dotted(node.func)):
        for argument in node.args:
            yield from ast.walk(argument)
    elif isinstance(node, ast.Raise | ast.Assert):
        yield from ast.walk(node)
    elif isinstance(node, ast.Assign) and dotted(node.targets[0]).endswith("GUARD"):
        yield node.value
    elif isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
        yield from ast.walk(node.annotation)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
        yield from ast.walk(node.returns)


def is_spoken_or_logged(function: str) -> bool:
    owner, _, method = function.rpartition(".")
    return (
        function in MARKERS
        or (
            owner.split(".")[-1] in ("log", "logger", "logging")
            and method in ("debug", "info", "warning", "error", "exception", "critical")
        )
        or function in ("re.compile", "TypeVar", "cast")
    )


def displayed(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call) or dotted(node.func) in ("show", "do"):
        return
    yield from (keyword.value for keyword in node.keywords if keyword.arg in SHOWN)
    if dotted(node.func).split(".")[-1] in SHOWERS:
        yield from node.args[:1]


def said(call: ast.Call) -> list[ast.expr]:
    return call.args[: 2 if dotted(call.func) == "ngettext" else 1]


def literal(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def marked_elsewhere(node: ast.Call) -> bool:
    """`_(LABELS[kind])`: a table whose entries are marked with `N_` where they stand."""
    return bool(node.args) and isinstance(node.args[0], ast.Subscript | ast.Attribute | ast.Name)


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/rapport.po"))


def read(path: Path) -> Catalog:
    return read_po(io.BytesIO(path.read_bytes()))


def messages() -> set[str]:
    found = extract_from_dir(ROOT / "bot", method_map=[("**.py", "python")])
    return {key(message) for _file, _line, message, _comments, _context in found}


def key(message: object) -> str:
    return str(message[0] if isinstance(message, tuple | list) else message)


def empty(translation: object) -> bool:
    return not all(translation) if isinstance(translation, tuple | list) else not translation


def places(message: object) -> set[str]:
    texts = message if isinstance(message, tuple | list) else (message,)
    return {name for text in texts for name in re.findall(r"{(\w*)[^}]*}", str(text))}
