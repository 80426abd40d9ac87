"""Nothing changes in the tables. The guards, which every migration makes, refuse instants of append-only tables that
cannot be read or lie far ahead: see `storage.append_only`.
"""

revision = "0033"
down_revision: str | None = "0032"


def upgrade() -> None:
    """The guards are made anew when all revisions are done."""


def downgrade() -> None:
    """Nor do the guards of the version before need anything from here."""
