"""Feeds of people's sessions, and who has a session as a calendar file."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision: str | None = "0050"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILED = ("client_filed", "coach_filed")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    for column in FILED:
        op.add_column("bookings", _number(column))
    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=True),
        sa.Column("token_sealed", sa.Text(), nullable=True),
        _number("names"),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_calendar_feeds_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feeds_token_digest")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    for column in reversed(FILED):
        op.drop_column("bookings", column)
