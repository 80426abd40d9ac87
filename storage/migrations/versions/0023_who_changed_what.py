"""An index for who changed something: without it the whole trail is read for one person's part of it."""

from alembic import op

revision = "0023"
down_revision: str | None = "0022"


def upgrade() -> None:
    op.create_index(op.f("ix_audit_person_id_id"), "audit", ["person_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_person_id_id"), table_name="audit")
