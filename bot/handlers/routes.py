"""The whole bot on one page: what can be reached, by whom, from which file."""

from bot.chat.router import Route
from bot.handlers import notice_kinds
from bot.handlers.bookings import (
    book,
    booking_page,
    cancel,
    client_number,
    coach_cancel,
    hold_page,
    messages,
    move,
    my_bookings,
    notices,
    outcome,
    pick_time,
    reminders,
    typed_times,
)
from bot.handlers.bookings.proposals import proposal_of_practice, proposal_page, propose_time
from bot.handlers.calendar import close_day, hours, hours_forms, undo_hours, usual_days
from bot.handlers.calendar_feeds import feed_page
from bot.handlers.calendar_feeds import files as calendar_files
from bot.handlers.conversation import choose, help_page, home, letters, meant_pages, start
from bot.handlers.conversation.typed import typed_replies
from bot.handlers.credits import client_credits, credit_forms, frozen_credits, return_package
from bot.handlers.fees import agree, agreed, fee_page, no_show
from bot.handlers.gifts import giving, owed_gift, taking
from bot.handlers.offers import coupons
from bot.handlers.offers import forms as offer_forms
from bot.handlers.offers import pages as offer_pages
from bot.handlers.offers import settings as offer_settings
from bot.handlers.payments import another_offer, disputes, enter_coupon, late_money, orders, terms
from bot.handlers.payments.giving_back import give_back, give_credit
from bot.handlers.payments.kept_cards import cards, pay_by_card
from bot.handlers.payments.packages import book_with_package, my_packages, package_forms, package_pages
from bot.handlers.people import addresses, notifications, settings, time_zone
from bot.handlers.plans import change_dates, choose_rhythm, dates_page
from bot.handlers.practice import (
    audit,
    audit_filters,
    checklist,
    limits,
    on_receipts,
    setup,
    sharing,
    sms_costs,
    tax,
    workspaces,
)
from bot.handlers.practice import page as practice_page
from bot.handlers.receipts import buyer_form, client_tax, receipt_lists, receipt_pages
from bot.handlers.reports import clients, coach_sessions, money, outside_hours, practice_day, tax_report, today
from bot.handlers.team import coach_about, coach_page, invite, join, members, remove

CLIENT: tuple[Route, ...] = (
    *start.ROUTES,
    *help_page.ROUTES,
    *home.ROUTES,
    *choose.ROUTES,
    *meant_pages.ROUTES,
    *typed_replies.ROUTES,
    *letters.ROUTES,
    *book.ROUTES,
    *pick_time.ROUTES,
    *typed_times.ROUTES,
    *time_zone.ROUTES,
    *hold_page.ROUTES,
    *orders.ROUTES,
    *receipt_pages.ROUTES,
    *receipt_lists.ROUTES,
    *buyer_form.ROUTES,
    *enter_coupon.ROUTES,
    *terms.ROUTES,
    *pay_by_card.ROUTES,
    *cards.ROUTES,
    *agree.ROUTES,
    *agreed.ROUTES,
    *fee_page.ROUTES,
    *notices.ROUTES,
    *my_bookings.ROUTES,
    *my_packages.ROUTES,
    *return_package.ROUTES,
    *giving.ROUTES,
    *taking.ROUTES,
    *book_with_package.ROUTES,
    *choose_rhythm.ROUTES,
    *dates_page.ROUTES,
    *change_dates.ROUTES,
    *booking_page.ROUTES,
    *client_number.ROUTES,
    *move.ROUTES,
    *cancel.ROUTES,
    *proposal_page.ROUTES,
    *messages.ROUTES,
    *calendar_files.ROUTES,
    *feed_page.ROUTES,
    *reminders.ROUTES,
    *settings.ROUTES,
    *notifications.ROUTES,
    *addresses.ROUTES,
)

COACH: tuple[Route, ...] = (
    *today.ROUTES,
    *coach_sessions.ROUTES,
    *outcome.ROUTES,
    *no_show.ROUTES,
    *hours.ROUTES,
    *hours_forms.ROUTES,
    *undo_hours.ROUTES,
    *usual_days.ROUTES,
    *outside_hours.ROUTES,
    *clients.ROUTES,
    *coach_cancel.ROUTES,
    *another_offer.ROUTES,
    *give_back.ROUTES,
    *give_credit.ROUTES,
    *late_money.ROUTES,
    *close_day.ROUTES,
    *propose_time.ROUTES,
    *proposal_of_practice.ROUTES,
    *coach_page.ROUTES,
    *coach_about.ROUTES,
    *join.ROUTES,
)

# The pages of /setup that are no question stand before the one that takes any word for a question.
OWNER: tuple[Route, ...] = (
    *checklist.ROUTES,
    *practice_page.ROUTES,
    *on_receipts.ROUTES,
    *tax.ROUTES,
    *limits.ROUTES,
    *sms_costs.ROUTES,
    *client_credits.ROUTES,
    *credit_forms.ROUTES,
    *client_tax.ROUTES,
    *return_package.OF_PRACTICE,
    *owed_gift.ROUTES,
    *frozen_credits.ROUTES,
    *disputes.ROUTES,
    *package_pages.ROUTES,
    *package_forms.ROUTES,
    *setup.ROUTES,
    *offer_pages.ROUTES,
    *offer_forms.ROUTES,
    *offer_settings.ROUTES,
    *coupons.ROUTES,
    *members.ROUTES,
    *practice_day.ROUTES,
    *invite.ROUTES,
    *remove.ROUTES,
    *sharing.ROUTES,
    *workspaces.ROUTES,
    *tax_report.ROUTES,
    *money.ROUTES,
    *audit.ROUTES,
    *audit_filters.ROUTES,
)

ROUTES: tuple[Route, ...] = (*CLIENT, *notice_kinds.ROUTES, *notice_kinds.ROUTES_OF_BEFORE, *COACH, *OWNER)
