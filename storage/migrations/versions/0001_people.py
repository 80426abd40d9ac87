"""The practice, its people, coaches and offers."""

import sqlalchemy as sa
from alembic import op

from storage.upkeep import guards

revision = "0001"
down_revision: str | None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "practice",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("contact_sealed", sa.Text(), nullable=True),
        sa.Column("quiet_from", sa.BigInteger(), server_default=sa.text("1320"), nullable=False),
        sa.Column("quiet_to", sa.BigInteger(), server_default=sa.text("480"), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    op.create_table(
        "persons",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("zone_from", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("language_from", sa.Text(), server_default="platform", nullable=False),
        sa.Column("leads", sa.JSON(), nullable=True),
        sa.Column("reminders", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("user_ref", sa.Text(), nullable=False),
        sa.Column("chat_ref", sa.Text(), nullable=True),
        sa.Column("unreachable", sa.Text(), nullable=True),
        sa.Column("platform_zone", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("platform", "workspace", "user_ref", name=op.f("uq_accounts_platform_workspace_user_ref")),
    )
    op.create_index(op.f("ix_accounts_person_id"), "accounts", ["person_id"], unique=False)
    op.create_table(
        "roles",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_roles_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_roles")),
    )
    op.create_table(
        "coaches",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("place_kind", sa.Text(), nullable=True),
        sa.Column("place_sealed", sa.Text(), nullable=True),
        sa.Column("weekly", sa.JSON(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("asked_for_hours_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_coaches_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaches")),
        sa.UniqueConstraint("person_id", name=op.f("uq_coaches_person_id")),
        sa.UniqueConstraint("short_name", name=op.f("uq_coaches_short_name")),
    )
    op.create_table(
        "schedule_versions",
        sa.Column("coach_id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("weekly", sa.JSON(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["coaches.id"], name=op.f("fk_schedule_versions_coach_id")),
        sa.PrimaryKeyConstraint("coach_id", "version", name=op.f("pk_schedule_versions")),
    )
    op.create_table(
        "offers",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("length_min", sa.BigInteger(), nullable=False),
        sa.Column("step_min", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("place_kind", sa.Text(), nullable=True),
        sa.Column("place_sealed", sa.Text(), nullable=True),
        sa.Column("buffer_before_min", sa.BigInteger(), server_default=sa.text("10"), nullable=False),
        sa.Column("buffer_after_min", sa.BigInteger(), server_default=sa.text("10"), nullable=False),
        sa.Column("notice_min", sa.BigInteger(), server_default=sa.text("720"), nullable=False),
        sa.Column("horizon_days", sa.BigInteger(), server_default=sa.text("60"), nullable=False),
        sa.Column("daily_cap", sa.BigInteger(), nullable=True),
        sa.Column("weekly_cap", sa.BigInteger(), nullable=True),
        sa.Column("cancel_cutoff_min", sa.BigInteger(), server_default=sa.text("1440"), nullable=False),
        sa.Column("move_cutoff_min", sa.BigInteger(), server_default=sa.text("720"), nullable=False),
        sa.Column("max_moves", sa.BigInteger(), server_default=sa.text("2"), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_table(
        "offer_coaches",
        sa.Column("offer_id", ID, nullable=False),
        sa.Column("coach_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["coaches.id"], name=op.f("fk_offer_coaches_coach_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_coaches_offer_id")),
        sa.PrimaryKeyConstraint("offer_id", "coach_id", name=op.f("pk_offer_coaches")),
    )
    op.create_index(op.f("ix_offer_coaches_coach_id"), "offer_coaches", ["coach_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="coach", nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_invitations_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitations_code_hash")),
    )


def downgrade() -> None:
    for table in (
        "invitations",
        "offer_coaches",
        "offers",
        "schedule_versions",
        "coaches",
        "roles",
        "accounts",
        "persons",
        "practice",
    ):
        op.drop_table(table)
    guards.drop(op.get_bind())
