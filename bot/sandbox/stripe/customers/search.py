"""Stripe's search of customers: `metadata['rapport_person']:'7' AND email:"ana@example.com"`."""

import re

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.customers.objects import Customer
from bot.sandbox.stripe.refusals import InvalidParams

_CLAUSE = re.compile(r"""(email|name|metadata\[(["'])(?P<key>.+?)\2\]):(["'])(?P<value>.*?)\4""")


def found(account: Account, query: str) -> list[Customer]:
    """Those that fit every clause. A search runs a little behind: a new customer is found later than it is there."""
    clauses = [_read(part.strip()) for part in re.split(r"\s+AND\s+", query)]
    return [
        customer
        for customer in account.customers.values()
        if not customer.deleted
        and customer.findable_at <= account.now()
        and all(_value(customer, name, key) == value for name, key, value in clauses)
    ]


def _read(clause: str) -> tuple[str, str, str]:
    match = _CLAUSE.fullmatch(clause)
    if match is None:
        raise InvalidParams(f"We were unable to parse your search query: `{clause}`.", param="query")
    return match[1].partition("[")[0], match["key"] or "", match["value"]


def _value(customer: Customer, name: str, key: str) -> str | None:
    return customer.metadata.get(key) if name == "metadata" else getattr(customer, name)
