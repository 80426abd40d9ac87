"""The errors that Stripe's API answers with."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Refused(Exception):
    """An answer other than 200. `code` is Stripe's error code; `param` names the parameter at fault, and `extra`
    what else it tells, such as why a bank declined and how the payment stands now."""

    message: str
    code: str | None = None
    param: str | None = None
    status: int = 400
    type: str = "invalid_request_error"
    extra: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.type} | self.extra
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param is not None:
            error["param"] = self.param
        return {"error": error}


class InvalidParams(Refused):
    """Refused before any work began, so that an idempotency key stays unused."""


def missing(kind: str, identifier: str, param: str, status: int = 404) -> Refused:
    """404 for an object named in the path, 400 for one named in a parameter."""
    return Refused(f"No such {kind}: '{identifier}'", "resource_missing", param, status)
