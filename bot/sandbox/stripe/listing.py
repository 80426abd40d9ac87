"""Lists as Stripe's API gives them: newest first, page by page."""

from typing import Any

from bot.sandbox.stripe.refusals import InvalidParams, Refused

PAGE, LARGEST_PAGE = 10, 100


def listing(url: str, data: list[dict[str, Any]], has_more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def page(url: str, oldest_first: list[dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
    """Newest first, `limit` at a time, from beyond the cursor, within the bounds of `created`."""
    limit = asked.get("limit", PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        raise InvalidParams("Invalid limit: must be between 1 and 100", "parameter_invalid_integer", "limit")
    rows = [row for row in oldest_first[::-1] if _created_within(row, asked.get("created"))]
    ids = [row["id"] for row in rows]
    for name in ("starting_after", "ending_before"):
        if name in asked and asked[name] not in ids:
            raise Refused(f"No such object: '{asked[name]}'", "resource_missing", name)
    if "ending_before" in asked:
        rows = rows[: ids.index(asked["ending_before"])]
        return listing(url, rows[-limit:], len(rows) > limit)
    if "starting_after" in asked:
        rows = rows[ids.index(asked["starting_after"]) + 1 :]
    return listing(url, rows[:limit], len(rows) > limit)


def _created_within(row: dict[str, Any], bounds: Any) -> bool:
    if bounds is None:
        return True
    created = row["created"]
    if isinstance(bounds, int):
        return bool(created == bounds)
    return bool(
        created > bounds.get("gt", -1)
        and created >= bounds.get("gte", 0)
        and created < bounds.get("lt", created + 1)
        and created <= bounds.get("lte", created)
    )


def found_by_search(url: str, data: list[dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
    """The first page of what a search found."""
    limit = asked.get("limit", PAGE)
    shown = data[::-1][:limit]
    return {"object": "search_result", "data": shown, "has_more": len(data) > limit, "next_page": None, "url": url}
