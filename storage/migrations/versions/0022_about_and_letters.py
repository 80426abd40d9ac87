"""Who a coach is, in one line; and what people write to the practice without a session, and are answered."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision: str | None = "0021"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("coaches", sa.Column("about", sa.Text(), nullable=True))
    op.create_table(
        "letters",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("from_person_id", ID, nullable=False),
        sa.Column("to_person_id", ID, nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["from_person_id"], ["persons.id"], name=op.f("fk_letters_from_person_id")),
        sa.ForeignKeyConstraint(["to_person_id"], ["persons.id"], name=op.f("fk_letters_to_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )


def downgrade() -> None:
    op.drop_table("letters")
    op.drop_column("coaches", "about")
