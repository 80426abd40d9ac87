"""What stays on the connections of a server behind a transaction pooler, for whoever gets them next."""

import asyncpg

FOLLOWED = ("application_name", "client_encoding", "DateStyle", "TimeZone", "standard_conforming_strings")
"""Settings that the pooler itself sets for each client anew."""

LEFT = f"""
SELECT pg_backend_pid(), ARRAY(
    SELECT 'setting ' || name || '=' || setting FROM pg_settings
        WHERE source = 'session' AND setting <> reset_val AND name <> ALL ('{{{",".join(FOLLOWED)}}}')
    UNION ALL SELECT 'lock ' || objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
    UNION ALL SELECT 'table ' || relname FROM pg_class WHERE relpersistence = 't' AND relnamespace = pg_my_temp_schema()
    UNION ALL SELECT 'statement ' || name FROM pg_prepared_statements WHERE name <> ''
    UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE is_holdable
    UNION ALL SELECT 'channel ' || c FROM pg_listening_channels() c
    UNION ALL SELECT 'isolation ' || current_setting('transaction_isolation')
        WHERE current_setting('transaction_isolation') <> 'read committed'
    UNION ALL SELECT 'read only' WHERE current_setting('transaction_read_only') <> 'off'
    UNION ALL SELECT 'role ' || current_user WHERE current_user <> session_user
)
"""


async def left_behind(url: str) -> set[str]:
    """What any connection of the server still holds, as its next client finds it."""
    connection = await asyncpg.connect(url, statement_cache_size=0)
    everyone = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    try:
        unseen, found = {row[0] for row in await connection.fetch(everyone)}, set[str]()
        for _ in range(200):
            pid, left = await connection.fetchrow(LEFT)
            unseen.discard(pid)
            found.update(left)
            if not unseen:
                return found
    finally:
        await connection.close()
    raise AssertionError(f"the pooler never came to {unseen}")
