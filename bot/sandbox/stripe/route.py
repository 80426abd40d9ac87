"""One route of the API: what it does, and the kind of object that it answers with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.refusals import missing

Asked = dict[str, Any]
Work = Callable[[Account, str, Asked, str], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """`kind` is what may be expanded: `refund`, `list of refund`."""

    work: Work
    kind: str


def retrieve(kind: str, param: str) -> Route:
    """The object by its id, 404 for one that is not there."""

    def work(account: Account, identifier: str, _asked: Asked, _origin: str) -> dict[str, Any]:
        found = account.find(identifier)
        if found is None or found["object"] != kind:
            raise missing(kind, identifier, param)
        return found

    return Route(work, kind)
