"""Tells the payment provider what decides a client's tax, beside their address: their tax number, and an exemption.

A number that the state does not know is taken off again: with it the provider would take no tax that is due.
"""

import hashlib
from dataclasses import replace

from bot.domain.payments.cards import Customer
from bot.domain.payments.tax_numbers import NumberState, TaxFacts, TaxId, ToldTax, facts_of
from bot.integrations.payments.tax import Exemption, TaxNumber, TaxReckoner
from bot.integrations.vendor import VendorRefused
from storage.engine import Tx
from storage.people import buyers
from storage.practice import catalogue

NO_CUSTOMER = "resource_missing"


def wanted(tx: Tx, person_id: int) -> TaxFacts | None:
    """What the provider is to know of them; None while no tax is reckoned."""
    return None if catalogue.snapshot(tx).practice.tax is None else facts_of(buyers.find(tx, person_id))


def differs(customer: Customer | None, facts: TaxFacts | None) -> bool:
    """Whether the provider is still to be told. Without a customer it knows nothing, and need not know of nothing."""
    return facts is not None and facts != (TaxFacts() if customer is None else customer.tax.facts)


async def tell(taxes: TaxReckoner, customer: Customer, facts: TaxFacts) -> ToldTax:
    """Tell what has changed, and ask about a number that is still being checked. Raises `VendorAway`,
    `VendorRefused`."""
    assert customer.ref is not None
    told = customer.tax
    if told.facts.exemption != facts.exemption:
        exemption = Exemption.NONE if facts.exemption is None else Exemption(facts.exemption.value)
        await taxes.exempt(customer.ref, exemption)
    same = told.facts.number == facts.number
    if same and told.number_state is not NumberState.PENDING:
        return replace(told, facts=facts)
    if told.number_ref is not None and not same:
        await taxes.remove_number(told.number_ref)
    if facts.number is None:
        return ToldTax(facts)
    there = await taxes.numbers_of(customer.ref) if same else []
    mine = next((each for each in there if each.ref == told.number_ref), None)
    found = mine or await _add(taxes, customer, facts.number)
    if found is None or found.state is NumberState.UNVERIFIED:
        if found is not None:
            await taxes.remove_number(found.ref)
        return ToldTax(facts, None, NumberState.UNVERIFIED)
    return ToldTax(facts, found.ref, found.state)


async def _add(taxes: TaxReckoner, customer: Customer, number: TaxId) -> TaxNumber | None:
    """None for one that the provider does not take. The version in the key tells one that comes back from the one that
    was there before."""
    assert customer.ref is not None
    which = hashlib.sha256(f"{customer.ref}:{number.kind}:{number.value}".encode()).hexdigest()[:32]
    key = f"rapport:number:{customer.version}:{which}"
    try:
        return await taxes.add_number(customer.ref, number.kind, number.value, key)
    except VendorRefused as refusal:
        if refusal.code == NO_CUSTOMER:
            raise
        return None
