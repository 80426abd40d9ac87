"""What each act of the audit trail is called: a sentence with the number or the name of what it is about."""

from bot.chat.words import _


def of(kind: str) -> dict[str, str]:
    """The acts about a subject of this kind: money of an order is another sentence than that of a booking."""
    return {
        **_of_bookings(), **_of_money(), **_of_credits(), **_of_offers(), **_of_packages(), **_of_team(),
        **_of_practice(), **(_of_orders() if kind == "order" else {}),
    }  # fmt: skip


def _of_bookings() -> dict[str, str]:
    return {
        "booking.held": _("Booking {n} was held"),
        "booking.confirmed": _("Booking {n} was confirmed"),
        "booking.cancelled": _("Booking {n} was cancelled"),
        "booking.expired": _("The hold of booking {n} ended"),
        "booking.moved": _("Booking {n} was moved"),
        "booking.switched": _("Booking {n} was moved to another offer"),
        "booking.settled": _("Booking {n} was settled"),
        "booking.number_given": _("The client gave another number for booking {n}"),
        "booking.move_proposed": _("Another time was proposed for booking {n}"),
        "booking.handover_proposed": _("The client of booking {n} was asked about another coach"),
        "booking.handed_over": _("Another coach has taken booking {n} over"),
        "booking.proposal_withdrawn": _("The proposal of another time for booking {n} was withdrawn"),
        "booking.other_times_wanted": _("Other times were asked for, for booking {n}"),
        "fee.agreed": _("The client agreed to the fees of booking {n}"),
        "fee.withdrawn": _("The client takes back for later what was agreed for booking {n}"),
        "fee.charged": _("A fee is charged for booking {n}"),
        "fee.waived": _("The fee of booking {n} is not owed any more"),
        "fee.returned": _("The fee of booking {n} goes back"),
        "booking.refund_intended": _("Money is to go back for booking {n}"),
        "plan.booked": _("Plan {n} was booked: several sessions at once"),
        "plan.held": _("The times of plan {n} were held until it is paid"),
        "message.sent": _("A message was passed on about booking {n}"),
        "letter.sent": _("A message without a session was passed on"),
    }


def _of_orders() -> dict[str, str]:
    """Money for an order that is no single session."""
    return {
        "move.asked": _("Order {n} asks for the difference to another offer"),
        "order.closed": _("Order {n} is not to be paid any more"),
        "order.replaced": _("Order {n} asks for the rest, since the practice cancelled a part"),
        "payment.accepted": _("A payment for order {n} was accepted"),
        "payment.refused": _("A payment for order {n} goes back"),
        "refund.paid_another_way": _("Money for order {n} was paid back another way"),
        "payment.declined": _("A bank declined a payment for order {n}"),
        "payment.by_card": _("Order {n} is to be paid with a kept card"),
        "payment.on_page": _("Order {n} is to be paid on a page"),
        "refund.pending": _("A refund for order {n} is on its way"),
        "refund.succeeded": _("A refund for order {n} was made"),
        "refund.failed": _("A refund for order {n} failed"),
        "refund.intended": _("A refund for order {n} is to be made"),
        "dispute.warned": _("The card network thinks that the payment of order {n} was fraud"),
        "dispute.spared": _("The warning about the payment of order {n} is settled"),
        "dispute.asked": _("A bank asks about the payment of order {n}"),
        "dispute.asked_review": _("A bank has the answer about the payment of order {n}"),
        "dispute.dropped": _("A bank asks no more about the payment of order {n}"),
        "dispute.open": _("The payment of order {n} is disputed"),
        "dispute.review": _("A bank has the answer to the dispute about order {n}"),
        "dispute.won": _("The dispute about order {n} was won"),
        "dispute.lost": _("The dispute about order {n} was lost"),
        "dispute.fee": _("The payment provider kept a fee for the dispute about order {n}"),
        "payment.fee": _("The payment provider kept its fee of the payment for order {n}"),
        "refund.superseded": _("A refund for order {n} was made elsewhere"),
        "receipt.cancelled": _("The receipt of a refund for order {n} was cancelled: the refund failed"),
    }


def _of_money() -> dict[str, str]:
    return {
        "payment.accepted": _("A payment for booking {n} was accepted"),
        "payment.refused": _("A payment for booking {n} goes back"),
        "payment.declined": _("A bank declined a payment for booking {n}"),
        "payment.by_card": _("Booking {n} is to be paid with a kept card"),
        "payment.on_page": _("Booking {n} is to be paid on a page"),
        "card.agreed": _("{n} agreed that a card is kept"),
        "card.kept": _("Card {n} is kept"),
        "card.chosen": _("Card {n} is offered first"),
        "card.renewed": _("The bank renewed card {n}"),
        "card.removed": _("Card {n} is not kept any more"),
        "refund.intended": _("A refund for booking {n} is to be made"),
        "refund.pending": _("A refund for booking {n} is on its way"),
        "refund.succeeded": _("A refund for booking {n} was made"),
        "refund.paid_another_way": _("Money for booking {n} was paid back another way"),
        "refund.chosen": _("The client wants the money for booking {n} back at once"),
        "refund.as_credit": _("A session took the place of the money for booking {n}"),
        "refund.failed": _("A refund for booking {n} failed"),
        "refund.refused": _("A refund for booking {n} was refused"),
        "refund.superseded": _("A refund for booking {n} was made elsewhere"),
        "refund.unknown": _("A refund for booking {n} is unknown"),
        "dispute.warned": _("The card network thinks that the payment of booking {n} was fraud"),
        "dispute.spared": _("The warning about the payment of booking {n} is settled"),
        "dispute.asked": _("A bank asks about the payment of booking {n}"),
        "dispute.asked_review": _("A bank has the answer about the payment of booking {n}"),
        "dispute.dropped": _("A bank asks no more about the payment of booking {n}"),
        "dispute.open": _("The payment of booking {n} is disputed"),
        "dispute.review": _("A bank has the answer to the dispute about booking {n}"),
        "dispute.won": _("The dispute about booking {n} was won"),
        "dispute.lost": _("The dispute about booking {n} was lost"),
        "dispute.fee": _("The payment provider kept a fee for the dispute about booking {n}"),
        "payment.fee": _("The payment provider kept its fee of the payment for booking {n}"),
        "receipt.cancelled": _("The receipt of a refund for booking {n} was cancelled: the refund failed"),
    }


def _of_credits() -> dict[str, str]:
    return {
        "credit.granted": _("Package {n} was given its credits"),
        "credit.reserved": _("A booking took a credit of package {n}"),
        "credit.spent": _("A credit of package {n} was used"),
        "credit.returned": _("A credit of package {n} came back"),
        "credit.expired": _("Credits of package {n} have expired"),
        "credit.adjusted": _("The credits of package {n} were adjusted"),
        "credit.extended": _("Package {n} was extended"),
        "credit.frozen": _("The credits of package {n} were frozen"),
        "credit.thawed": _("The credits of package {n} are no longer frozen"),
        "credit.lost": _("Frozen credits of package {n} were lost"),
    }


def _of_offers() -> dict[str, str]:
    return {
        "coupon.created": _("Coupon {n} was added"),
        "coupon.changed": _("Coupon {n} was changed"),
        "coupon.stopped": _("Coupon {n} was stopped"),
        "coupon.started": _("Coupon {n} counts again"),
        "coupon.reserved": _("Coupon {n} was entered"),
        "coupon.used": _("Coupon {n} was used"),
        "coupon.freed": _("A use of coupon {n} is free again"),
        "offer.created": _("Offer {n} was added"),
        "offer.changed": _("Offer {n} was changed"),
        "offer.opened": _("Offer {n} was opened"),
        "offer.paused": _("Offer {n} was paused"),
        "offer.archived": _("Offer {n} was archived"),
        "offer.coaches": _("Who does offer {n} was changed"),
    }


def _of_packages() -> dict[str, str]:
    return {
        "gift.asked": _("Order {n} asks for the price of a gift"),
        "gift.bought": _("Gift {n} was bought"),
        "gift.taken": _("Gift {n} was taken"),
        "gift.frozen": _("Sessions of gift {n} were put on hold"),
        "gift.thawed": _("Sessions of gift {n} can be used again"),
        "gift.reduced": _("Sessions of gift {n} were taken away"),
        "gift.handed_back": _("Gift {n} was handed back"),
        "gift.returned": _("Gift {n} was taken back by who gave it"),
        "package.asked": _("Order {n} asks for the price of a package"),
        "package.created": _("Package {n} was added"),
        "package.changed": _("Package {n} was changed"),
        "package.opened": _("Package {n} is for sale"),
        "package.paused": _("Package {n} is not for sale any more"),
        "package.archived": _("Package {n} was archived"),
    }


def _of_team() -> dict[str, str]:
    return {
        "coach.joined": _("Coach {n} joined"),
        "coach.active": _("Coach {n} takes bookings again"),
        "coach.paused": _("Coach {n} was paused"),
        "coach.removed": _("Coach {n} was removed"),
        "coach.place": _("The place of coach {n} was changed"),
        "coach.about": _("The line about coach {n} was changed"),
        "coach.zone": _("The time zone of coach {n} was changed"),
        "hours.saved": _("The hours of coach {n} were changed"),
        "hours.undone": _("The hours of coach {n} were set back"),
        "hours.redone": _("The hours of coach {n} were changed again"),
        "invitation.made": _("Invitation {n} was made"),
        "invitation.used": _("Invitation {n} was accepted"),
        "invitation.revoked": _("Invitation {n} was withdrawn"),
    }


def _of_practice() -> dict[str, str]:
    return {
        "practice.named": _("The practice was named"),
        "practice.currency": _("The currency was set"),
        "practice.zone": _("The time zone of the practice was set"),
        "practice.contact": _("The human contact was changed"),
        "practice.on_receipts": _("What stands on receipts was changed"),
        "person.address_proved": _("{n} added an address"),
        "person.address_removed": _("{n} removed an address"),
        "person.told_where": _("{n} chose where to be told"),
        "person.on_receipts": _("{n} changed what stands on their receipts"),
        "person.tax_exempt": _("No tax is taken of {n} any more"),
        "person.tax_due": _("Tax is taken of {n} again"),
        "receipt.replaced": _("A receipt was cancelled, and a new one issued"),
        "practice.tax": _("How tax is calculated was changed"),
        "practice.sms_costs": _("What SMS cost was changed"),
        "person.sms_agreed": _("{n} agreed to SMS"),
        "person.sms_ended": _("{n} ended SMS"),
        "practice.limits": _("The limits for a client were changed"),
        "practice.opened": _("The practice opened for booking"),
        "role.granted": _("{n} was given a role"),
        "role.withdrawn": _("{n} lost a role"),
        "workspace.installed": _("Workspace {n} installed the app"),
        "workspace.uninstalled": _("Workspace {n} removed the app"),
        "workspace.token_lost": _("Slack ended the access to workspace {n}"),
        "workspace.closed": _("Workspace {n} was closed"),
        "workspace.reopened": _("Workspace {n} is served again"),
    }
