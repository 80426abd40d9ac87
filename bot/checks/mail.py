"""Words for the line of `rapport doctor` about mails: what is missing, and how much is known of a mail that is out."""

from dataclasses import replace

from bot.checks.check_line import ON, CheckLine
from bot.mail_settings import Mail

CARRIED_BY = {"smtp": "SMTP_URL", "resend": "RESEND_API_KEY"}


def missing(settings: Mail) -> list[str]:
    """What to set while mails are off."""
    ready = {"smtp": settings.smtp is not None, "resend": settings.resend.api_key is not None}
    wanted = [] if settings.sender is not None else ["EMAIL_FROM"]
    if settings.provider is None:
        return ["SMTP_URL or RESEND_API_KEY", *wanted]
    return [*(name for which, name in CARRIED_BY.items() if which == settings.provider and not ready[which]), *wanted]


def told(settings: Mail, line: CheckLine) -> CheckLine:
    """The line of the carrier once it was asked."""
    if line.state != ON:
        return line
    unseen = ""
    if settings.provider == "smtp":
        unseen = "; what its server takes and returns later is not seen"
    elif settings.resend.webhook_secret is None:
        unseen = "; without RESEND_WEBHOOK_SECRET what bounces is not seen"
    return replace(line, words=f"{settings.provider} {line.words}{unseen}")
