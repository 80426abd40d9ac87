"""Makes the carrier that the settings name, and what comes with it. Nothing here speaks to anybody."""

from bot.channels.email.carrier import Carrier
from bot.channels.email.mail import Mailbox
from bot.channels.email.resend import ResendCarrier
from bot.channels.email.resend_events import ResendEvents
from bot.channels.email.smtp import SmtpCarrier
from bot.mail_settings import Mail, Sender


def carrier_of(settings: Mail) -> Carrier | None:
    """None while mails are off."""
    if not settings.on or settings.sender is None:
        return None
    if settings.provider == "smtp" and settings.smtp is not None:
        return SmtpCarrier(settings.smtp, mailbox(settings.sender).domain)
    assert settings.resend.api_key is not None
    return ResendCarrier(settings.resend.api_key, settings.resend.api_url)


def events_of(settings: Mail) -> ResendEvents | None:
    """Who tells what becomes of mails: a mail server tells nothing."""
    secret = settings.resend.webhook_secret
    return None if not settings.on or settings.provider != "resend" or secret is None else ResendEvents(secret)


def mailbox(sender: Sender) -> Mailbox:
    return Mailbox(sender.address, sender.name)
