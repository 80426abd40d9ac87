"""A stored id of a person is never taken for the person: `storage.identity` says for whom it stands."""

import ast

from tests.architecture.source import Source, dotted, product

ASKED = ("surviving", "stands_for")
COACH = "coaches.c.person_id"  # one row a person: whoever merges two persons moves it
AS_STORED = {
    "storage/bookings/booking_rows.py": {COACH},
    # All clients are counted by what is stored; who they are is asked of those on a page.
    "storage/bookings/clients.py": {"both.c.person_id", "bookings.c.person_id", "chosen.c.person_id"},
    "storage/journal/acts.py": {"_lately.c.person_id"},  # a count of the last minute
    "storage/journal/audit.py": {"audit.c.person_id"},  # replaced where an entry is read
    "storage/notices/outbox_claims.py": {"earlier.c.person_id", "outbox.c.person_id"},  # the order of what is sent
    "storage/people/calendar_feeds.py": {"calendar_feeds.c.person_id"},  # the key that what is sealed is bound to
    "storage/people/homes.py": {COACH},
    # Somebody said to be one with nobody is set aside by the number of their own row.
    "storage/people/people.py": {COACH, "latest.c.person_id", "accounts.c.person_id"},
    "storage/people/person_rows.py": {COACH},
    "storage/people/roles.py": {"roles.c.person_id"},  # an order
    # Whoever was merged with another is no stranger.
    "storage/people/strangers.py": {
        COACH,
        "accounts.c.person_id",
        "bookings.c.person_id",
        "calendar_feeds.c.person_id",
        "drafts.c.person_id",
        "outbox.c.person_id",
        "roles.c.person_id",
        "waits.c.person_id",
    },
    "storage/practice/catalogue_rows.py": {COACH},
}


def test_storage_asks_for_whom_an_id_of_a_person_stands() -> None:
    unasked = [
        f"{source.at(node)}: {dotted(node)}"
        for source in product()
        if source.path.startswith("storage/") and source.path != "storage/identity.py"
        for node in _unasked(source)
        if dotted(node) not in AS_STORED.get(source.path, set())
    ]
    assert not unasked, "\n".join(unasked)


def _unasked(source: Source) -> list[ast.Attribute]:
    asked = {
        id(inside)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and dotted(node.func) in ASKED
        for inside in ast.walk(node)
    }
    columns = [node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute) and id(node) not in asked]
    return [node for node in columns if dotted(node).endswith(".c.person_id")]
