"""Row-level security: `storage.upkeep.access` puts it on after every migration, so this revision only asks for one."""

revision = "0007"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Nothing of its own: an older database becomes one that must be migrated."""


def downgrade() -> None:
    """Tables stay closed: an older version works behind it as its owner or as the bot."""
