"""Who agreed to SMS, what was sent by it, and what it may cost."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision: str | None = "0052"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STANDS = sa.text("ended_at IS NULL")


def _number(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[int]:
    server_default = None if default is None else sa.text(default)
    return sa.Column(name, sa.BigInteger(), nullable=nullable, server_default=server_default)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.add_column("practice", sa.Column("sms_prices", sa.JSON(), nullable=True))
    op.add_column("practice", _number("sms_ceiling", nullable=True))
    op.create_table(
        "sms_consents",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        _number("account_id"),
        _text("words"),
        _text("language"),
        _text("given_by"),
        _number("given_at"),
        _number("ended_at", nullable=True),
        _text("ended_by", nullable=True),
        _number("answered_at", nullable=True),
        _number("writer", default="0"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_sms_consents_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_consents")),
    )
    op.create_index(op.f("ix_sms_consents_person_id"), "sms_consents", ["person_id"])
    op.create_index(
        "uq_sms_consents_standing", "sms_consents", ["account_id"], unique=True,
        sqlite_where=_STANDS, postgresql_where=_STANDS,
    )  # fmt: skip
    op.create_table(
        "sms_messages",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        _number("account_id"),
        _text("key"),
        _text("sid", nullable=True),
        _text("digest"),
        _number("stage", default="0"),
        _text("why", nullable=True),
        _number("parts"),
        _number("cost", default="0"),
        _text("month"),
        _number("created_at"),
        _number("writer", default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_messages")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_sms_messages_account_id_key")),
        sa.UniqueConstraint("sid", name=op.f("uq_sms_messages_sid")),
    )
    op.create_index(op.f("ix_sms_messages_month"), "sms_messages", ["month"])


def downgrade() -> None:
    op.drop_table("sms_messages")
    op.drop_table("sms_consents")
    op.drop_column("practice", "sms_ceiling")
    op.drop_column("practice", "sms_prices")
