"""What came in, went back and was kept: each currency for itself, and not a cent more or less than the ledger."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.payments.money import Money
from bot.domain.payments.money_report import Entry, Sums, by_currency, by_each
from bot.domain.payments.payments import MovementKind

EXAMPLE = [
    Entry(MovementKind.CHARGE, Money(4500, "EUR"), 1, coach_id=1, offer_id=7),
    Entry(MovementKind.REFUND, Money(-2000, "EUR"), 1, coach_id=1, offer_id=7),
    Entry(MovementKind.FEE, Money(-161, "EUR"), 1, coach_id=1, offer_id=7),
    Entry(MovementKind.CHARGE, Money(3000, "JPY"), 2, coach_id=2, offer_id=7),
]

entries = st.lists(
    st.builds(
        Entry,
        st.sampled_from(MovementKind),
        st.builds(Money, st.integers(-(10**9), 10**9), st.sampled_from(["EUR", "JPY", "KWD"])),
        st.integers(1, 9),
        st.one_of(st.none(), st.integers(1, 3)),
        st.one_of(st.none(), st.integers(1, 3)),
    )
)


def test_the_worked_example() -> None:
    euros, yen = by_currency(EXAMPLE)
    assert euros == Sums(Money(4500, "EUR"), 1, Money(2000, "EUR"), Money(161, "EUR"), Money(0, "EUR"))
    assert (euros.left, yen.came, yen.payments) == (Money(2339, "EUR"), Money(3000, "JPY"), 2)
    assert by_each(EXAMPLE, lambda entry: entry.coach_id) == {1: [euros], 2: [yen]}


def test_fees_of_clients_are_a_part_of_what_came() -> None:
    charged = Entry(MovementKind.CHARGE, Money(3000, "EUR"), 1, coach_id=1, offer_id=7, of_fees=True)
    back = Entry(MovementKind.REFUND, Money(-1000, "EUR"), 1, coach_id=1, offer_id=7, of_fees=True)
    kept = Entry(MovementKind.FEE, Money(-70, "EUR"), 1, coach_id=1, offer_id=7, of_fees=True)
    euros = by_currency([*EXAMPLE, charged, back, kept])[0]
    assert (euros.came, euros.back, euros.client_fees) == (Money(7500, "EUR"), Money(3000, "EUR"), Money(2000, "EUR"))
    assert euros.provider_fees == Money(231, "EUR")


def test_a_refund_that_failed_did_not_go_back() -> None:
    failed = Entry(MovementKind.ADJUSTMENT, Money(2000, "EUR"), 1, coach_id=1, offer_id=7)
    assert by_currency([*EXAMPLE, failed])[0].back == Money(0, "EUR")


@given(entries)
def test_nothing_is_lost_between_the_ledger_and_the_sums(found: list[Entry]) -> None:
    for parts in ([by_currency(found)], by_each(found, lambda entry: entry.offer_id).values()):
        for currency in ("EUR", "JPY", "KWD"):
            told = sum(sums.left.amount for part in parts for sums in part if sums.left.currency == currency)
            assert told == sum(entry.amount.amount for entry in found if entry.amount.currency == currency)
