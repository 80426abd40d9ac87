"""Form-encoded parameters as Stripe reads them: nested by brackets, each name and type known, or refused."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.sandbox.stripe.refusals import InvalidParams

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
# The parameters of each route as the SDK declares them; a contract test holds the file against it.
ROUTES: dict[str, Any] = json.loads(Path(__file__).with_name("params.json").read_text())
METADATA_KEYS, METADATA_KEY, METADATA_VALUE = 50, 40, 500


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`a[b][0]=c` to `{"a": {"b": {"0": "c"}}}`; `a[]` takes the next free index."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        match = NAME.fullmatch(name)
        if match is None:
            raise InvalidParams(f"Invalid request parameter name: {name}", "parameter_unknown", name)
        steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        here = found
        for step in steps[:-1]:
            here = here.setdefault(step or str(len(here)), {})
            if not isinstance(here, dict):
                raise InvalidParams(f"Invalid request: {name} is given twice", None, name)
        here[steps[-1] or str(len(here))] = value
    return found


def check(route: str, given: dict[str, Any]) -> dict[str, Any]:
    """The typed parameters of a call to `route` (`POST /v1/refunds`). Raises InvalidParams."""
    checked: dict[str, Any] = _read(given, ROUTES[route], "")
    return checked


def _read(value: Any, kind: Any, path: str) -> Any:
    if isinstance(kind, list):
        return _word(value, kind, path)
    if isinstance(kind, str):
        return _leaf(value, kind, path)
    if "any" in kind:
        fitting = [part for part in kind["any"] if isinstance(part, dict) == isinstance(value, dict)]
        words = [part for part in fitting if isinstance(part, list) and value not in part]
        return _read(value, ([part for part in fitting if part not in words] or kind["any"])[0], path)
    return _structure(value, kind, path)


def _structure(value: Any, kind: dict[str, Any], path: str) -> Any:
    if value == "":
        return None
    if not isinstance(value, dict):
        shape = "array" if "array" in kind else "object"
        raise InvalidParams(f"Invalid {shape}", f"parameter_invalid_{shape}", path)
    if "array" in kind:
        return _items(value, kind["array"], path)
    if "map" in kind:
        return _metadata(value, path)
    return _fields(value, kind["fields"], path)


def _fields(value: dict[str, Any], fields: dict[str, Any], path: str) -> dict[str, Any]:
    inner = {name: f"{path}[{name}]" if path else name for name in value}
    unknown = [inner[name] for name in value if name not in fields]
    if "payment_method_types" in unknown:
        raise InvalidParams(
            "The payment_method_types parameter is no longer supported. Use allowed_payment_method_types or "
            "excluded_payment_method_types to filter dynamic payment methods.",
            "payment_method_types_no_longer_supported",
            "payment_method_types",
        )
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        said = f"Received unknown parameter{plural}: {', '.join(unknown)}"
        raise InvalidParams(said, "parameter_unknown", unknown[0])
    read = {name: _read(part, fields[name], inner[name]) for name, part in value.items()}
    return {name: part for name, part in read.items() if part is not None}


def _items(value: dict[str, Any], kind: Any, path: str) -> list[Any]:
    if not all(index.isdecimal() for index in value):
        raise InvalidParams("Invalid array", "parameter_invalid_array", path)
    return [_read(value[index], kind, f"{path}[{index}]") for index in sorted(value, key=int)]


def _metadata(value: dict[str, Any], path: str) -> dict[str, str]:
    if len(value) > METADATA_KEYS:
        raise InvalidParams(f"Metadata can have at most {METADATA_KEYS} keys.", None, path)
    for name, text in value.items():
        if not isinstance(text, str):
            raise InvalidParams("Metadata values must be strings.", None, f"{path}[{name}]")
        if len(name) > METADATA_KEY:
            said = f"Metadata keys must be {METADATA_KEY} characters or less. Invalid key: {name}"
            raise InvalidParams(said, None, path)
        if len(text) > METADATA_VALUE:
            said = f"Metadata values can have up to {METADATA_VALUE} characters, {name} has {len(text)}."
            raise InvalidParams(said, None, f"{path}[{name}]")
    return {name: text for name, text in value.items() if text}


def _word(value: Any, words: list[str], path: str) -> str:
    if value not in words:
        listed = f"{', '.join(words[:-1])}, or {words[-1]}" if len(words) > 1 else words[0]
        raise InvalidParams(f"Invalid {path}: must be one of {listed}", None, path)
    return str(value)


def _leaf(value: Any, kind: str, path: str) -> Any:
    if kind == "unmodelled":
        raise InvalidParams(f"The sandbox's payments have nothing to do with {path}.", param=path)
    if isinstance(value, dict):
        raise InvalidParams(f"Invalid {kind}: {value}", f"parameter_invalid_{kind}", path)
    if value == "":
        raise InvalidParams(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a "
            f"parameter; however '{path}' cannot be unset.",
            "parameter_invalid_empty",
            path,
        )
    if kind == "integer" and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind == "string" or (kind == "number" and re.fullmatch(r"-?\d+(\.\d{1,12})?", value)):
        return value
    raise InvalidParams(f"Invalid {kind}: {value}", f"parameter_invalid_{kind}", path)
