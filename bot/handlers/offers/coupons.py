"""The owner's pages of coupons: the list, and each coupon with its settings, to be stopped and started again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.chat.address import address
from bot.chat.links import tappable
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Form, Invalid, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.acts import Act
from bot.domain.credits.packages import Package
from bot.domain.people.permissions import Permission
from bot.domain.practice.offers import Offer
from bot.domain.pricing.coupons import Coupon, CouponState
from bot.domain.pricing.discounts import Discount
from bot.domain.refusals import Code, Done, Refusal
from bot.handlers.kit import failures, offer_buttons, package_words, paging, refusals
from bot.handlers.kit.offer_buttons import Named
from bot.handlers.offers import coupon_words
from bot.handlers.offers.forms import currency_of
from bot.services.desk import Desk

LIMITS, DISCOUNT = "limits", "discount"
ON_A_PAGE = 8


async def everything(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    coupons, used = await desk.coupons.all()
    page = min(page, max(0, len(coupons) - 1) // ON_A_PAGE)
    shown = coupons[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    lines = [Line(coupon_words.line(each, used.get(each.id, 0), turn.now)) for each in shown]
    if not coupons:
        lines.append(Line(_("Codes that make an offer cheaper stand here. There are none yet.")))
    rows: list[Row] = [(Button(each.code, address("coupon", each.id)),) for each in shown]
    rows += paging.turns(("coupons",), page, ON_A_PAGE, len(coupons), _("Earlier page"), _("Next page"))
    rows.append((Button(_("Add a coupon"), "coupons/new", Style.PRIMARY), Button(_("Back"), "setup")))
    return Screen(_("Coupons"), tuple(lines), tuple(rows))


async def new(turn: Turn, desk: Desk) -> Screen:
    fields = (coupon_words.code_field(), coupon_words.discount_field(await currency_of(desk)))
    form = Form(turn.do("coupons", "save"), fields, _("Save"), cancel_to="coupons")
    words = _("It is for every offer, once for each client, until you say otherwise.")
    return Screen(_("A new coupon"), (Line(words, Tone.QUIET),), (), form=form)


async def create(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    turn.require()
    code, discount = turn.values["code"], turn.values["discount"]
    if not isinstance(code, str) or not isinstance(discount, Discount):
        return Redirect("coupons/new")
    outcome = await desk.coupons.create(turn.act("coupon/{id}"), Coupon(code=code, discount=discount))
    return _saved(turn, outcome, ["code", "discount"], "coupons/new", _("Added. It counts from now on."))


async def page(turn: Turn, desk: Desk, coupon: int) -> Screen:
    known = await desk.coupons.find(coupon)
    if known is None:
        return failures.missing()
    found, used = known
    zone = await package_words.zone_of_practice(turn, desk)
    stopped = found.state is CouponState.STOPPED
    lines = [
        Line(coupon_words.off(found.discount), Tone.STRONG),
        *([Line(_("Stopped: it counts no more."))] if stopped else []),
        Line(await _what_for(desk, found)),
        Line(_("So far: {used}.", used=coupon_words.uses(found, used))),
        *(Line(words, Tone.QUIET) for words in coupon_words.rules(found, zone, turn.now)),
    ]
    link = desk.sharing.of_coupon(found).telegram
    if link is not None and not stopped:
        lines.append(Line(_("Who opens this link need not type it: {link}", link=tappable(link)), Tone.QUIET))
    version = (found.version,)
    stop = Button(_("Stop it"), turn.do("coupon", coupon, "stop", stated=version))
    start = Button(_("Start it again"), turn.do("coupon", coupon, "start", stated=version), Style.SUCCESS)
    rows: tuple[Row, ...] = (
        (
            Button(_("Code and discount"), address("coupon", coupon, "edit", DISCOUNT)),
            Button(_("How often, until when"), address("coupon", coupon, "edit", LIMITS)),
        ),
        (Button(_("What it is for"), address("coupon", coupon, "for")), start if stopped else stop),
        (Button(_("All coupons"), "coupons"), Button(_("Setup"), "setup")),
    )
    return Screen(found.code, tuple(lines), rows)


async def _what_for(desk: Desk, coupon: Coupon) -> str:
    """Offers, then packages."""
    offers = _names(await desk.offers.all(), coupon.offer_ids)
    packages = _names(await desk.packages.all(), coupon.package_ids)
    match offers, packages:
        case None, None:
            return _("For every offer and every package.")
        case None, []:
            return _("For every offer.")
        case [], None:
            return _("For every package.")
    said = [_("every offer")] if offers is None else offers
    more = [_("every package")] if packages is None else packages
    return _("For: {names}", names=", ".join((*said, *more)) or _("nothing"))


def _names(those: Sequence[Offer | Package], chosen: tuple[int, ...] | None) -> list[str] | None:
    """None: every one."""
    return None if chosen is None else [each.name for each in those if each.id in chosen]


async def edit(turn: Turn, desk: Desk, coupon: int, group: str) -> Screen:
    known = await desk.coupons.find(coupon)
    if known is None or group not in (LIMITS, DISCOUNT):
        return failures.missing()
    found = known[0]
    to = turn.do("coupon", coupon, "save", group, stated=(found.version,))
    if group == LIMITS:
        fields = coupon_words.limit_fields(found, await package_words.zone_of_practice(turn, desk), turn.now)
    else:
        currency = await currency_of(desk)
        fields = (coupon_words.code_field(found.code), coupon_words.discount_field(currency, found.discount))
    words = _("What was bought with it, and what is held now, keeps the price that was told.")
    form = Form(to, fields, _("Save"), cancel_to=address("coupon", coupon))
    return Screen(_("Change the coupon"), (Line(words, Tone.QUIET),), (), form=form)


async def save(turn: Turn, desk: Desk, coupon: int, group: str) -> Screen | Redirect | Invalid:
    known = await desk.coupons.find(coupon)
    if known is None or group not in (LIMITS, DISCOUNT):
        return failures.missing()
    turn.require(known[0].version)
    names = ["code", "discount"]
    if group == LIMITS:
        names = ["most_uses", "most_per_client", "first_purchase_only", "until"]
    fields = {name: turn.values[name] for name in names}
    back = address("coupon", coupon)
    outcome = await desk.coupons.change(turn.act(back), coupon, known[0].version, **fields)
    return _saved(turn, outcome, names, back, _("Saved."))


def _saved(turn: Turn, outcome: Done | Refusal, names: list[str], back: str, words: str) -> Screen | Redirect | Invalid:
    if isinstance(outcome, Refusal) and outcome.code is Code.CONTRADICTION:
        name = coupon_words.FIELD_OF.get(outcome.reason or "", names[0])
        if name in names:
            return Invalid({name: refusals.words(outcome)})
    return refusals.or_next(turn, outcome, back, words)


async def stop(turn: Turn, desk: Desk, coupon: int) -> Screen | Redirect:
    words = _("Stopped. Whoever holds a time with it keeps the price that was told.")
    return await _change(turn, desk, coupon, desk.coupons.stop, words)


async def start(turn: Turn, desk: Desk, coupon: int) -> Screen | Redirect:
    return await _change(turn, desk, coupon, desk.coupons.start, _("It counts again."))


async def _change(
    turn: Turn, desk: Desk, coupon: int, change: Callable[[Act, int, int], Awaitable[Done | Refusal]], words: str
) -> Screen | Redirect:
    known = await desk.coupons.find(coupon)
    if known is None:
        return failures.missing()
    turn.require(known[0].version)
    back = address("coupon", coupon)
    return refusals.or_next(turn, await change(turn.act(back), coupon, known[0].version), back, words)


async def what_for(turn: Turn, desk: Desk, coupon: int) -> Screen:
    known = await desk.coupons.find(coupon)
    if known is None:
        return failures.missing()
    found = known[0]
    offers, packages = await desk.offers.all(turn.generation), await desk.packages.all(turn.generation)
    rows = _toggles(turn, found, "offer", offers, found.offer_ids, _("Every offer"))
    rows += _toggles(turn, found, "package", packages, found.package_ids, _("Every package"))
    rows.append((Button(_("Back"), address("coupon", coupon)),))
    title = _("What is {code} for?", code=found.code)
    return Screen(title, (Line(await _what_for(desk, found)),), tuple(rows))


def _toggles(
    turn: Turn, coupon: Coupon, kind: str, those: Sequence[Named], chosen: Sequence[int] | None, every: str
) -> list[Row]:
    """Each of `those`, and the way back to all of them, which is what None of `chosen` means."""
    stated = (coupon.version,)
    taken = [each.id for each in those] if chosen is None else chosen
    rows = offer_buttons.toggles(those, taken, lambda each: turn.do("coupon", coupon.id, kind, each.id, stated=stated))
    if chosen is not None and those:
        rows.append((Button(every, turn.do("coupon", coupon.id, f"every-{kind}", stated=stated)),))
    return rows


async def toggle_offer(turn: Turn, desk: Desk, coupon: int, offer: int) -> Screen | Redirect:
    offers = [each.id for each in await desk.offers.all()]
    if offer not in offers:
        return failures.missing()
    return await _set(turn, desk, coupon, lambda found: {"offer_ids": _toggled(found.offer_ids, offers, offer)})


async def every_offer(turn: Turn, desk: Desk, coupon: int) -> Screen | Redirect:
    return await _set(turn, desk, coupon, lambda _found: {"offer_ids": None})


async def toggle_package(turn: Turn, desk: Desk, coupon: int, package: int) -> Screen | Redirect:
    packages = [each.id for each in await desk.packages.all()]
    if package not in packages:
        return failures.missing()
    return await _set(turn, desk, coupon, lambda found: {"package_ids": _toggled(found.package_ids, packages, package)})


async def every_package(turn: Turn, desk: Desk, coupon: int) -> Screen | Redirect:
    return await _set(turn, desk, coupon, lambda _found: {"package_ids": None})


def _toggled(chosen: tuple[int, ...] | None, every: Sequence[int], one: int) -> tuple[int, ...]:
    """What is chosen once `one` is added or taken out. None means `every` one."""
    return tuple(sorted(set(every if chosen is None else chosen) ^ {one}))


async def _set(
    turn: Turn, desk: Desk, coupon: int, those: Callable[[Coupon], Mapping[str, tuple[int, ...] | None]]
) -> Screen | Redirect:
    known = await desk.coupons.find(coupon)
    if known is None:
        return failures.missing()
    found = known[0]
    turn.require(found.version)
    back = address("coupon", coupon, "for")
    outcome = await desk.coupons.change(turn.act(back), coupon, found.version, **those(found))
    return refusals.or_next(turn, outcome, back)


_KEEP = Permission.KEEP_OFFERS
ROUTES: tuple[Route, ...] = (
    show("coupons", everything, permission=_KEEP),
    show("coupons/{page:id}", everything, permission=_KEEP),
    show("coupons/new", new, permission=_KEEP),
    do("coupons/save", create, back="coupons/new", permission=_KEEP),
    show("coupon/{coupon:id}", page, permission=_KEEP),
    show("coupon/{coupon:id}/edit/{group:word}", edit, permission=_KEEP),
    do("coupon/{coupon:id}/save/{group:word}", save, back="coupon/{coupon:id}/edit/{group:word}", permission=_KEEP),
    do("coupon/{coupon:id}/stop", stop, back="coupon/{coupon:id}", permission=_KEEP),
    do("coupon/{coupon:id}/start", start, back="coupon/{coupon:id}", permission=_KEEP),
    show("coupon/{coupon:id}/for", what_for, permission=_KEEP),
    do("coupon/{coupon:id}/offer/{offer:id}", toggle_offer, back="coupon/{coupon:id}/for", permission=_KEEP),
    do("coupon/{coupon:id}/every-offer", every_offer, back="coupon/{coupon:id}/for", permission=_KEEP),
    do("coupon/{coupon:id}/package/{package:id}", toggle_package, back="coupon/{coupon:id}/for", permission=_KEEP),
    do("coupon/{coupon:id}/every-package", every_package, back="coupon/{coupon:id}/for", permission=_KEEP),
)
