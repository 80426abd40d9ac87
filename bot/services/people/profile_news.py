"""What a platform says of a person, as far as it can be used, and what of it is new."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.people.names import shown_name
from bot.domain.people.people import Person, Profile
from bot.domain.people.places import current_name
from bot.domain.people.zones import is_zone
from storage.people.people import Known
from storage.people.person_changes import ProfileNews

LANGUAGE_LENGTH = 35  # the longest language tag that BCP 47 asks software to expect
SEEN_EVERY = timedelta(days=1)


def usable(profile: Profile) -> Profile:
    """The profile with a name that can be shown, today's name of its zone, and no zone or language that is none.

    A name that the platform did not say stays empty: what is known of the person stands.
    """
    zone = current_name(profile.zone) if profile.zone is not None and is_zone(profile.zone) else None
    language = None if profile.language is None else profile.language[:LANGUAGE_LENGTH]
    name = profile.name and shown_name(profile.name, profile.user_ref)
    return replace(profile, name=name, zone=zone, language=language or None)


def is_account_news(known: Known, profile: Profile, now: datetime) -> bool:
    """Whether a word from this account changes what is kept of it: who writes can be written to."""
    other_chat = profile.chat_ref is not None and profile.chat_ref != known.account.chat_ref
    return other_chat or known.account.unreachable is not None or now - known.seen_at >= SEEN_EVERY


def person_news(person: Person, profile: Profile) -> ProfileNews | None:
    """What the profile says anew; None when nothing."""
    speaks = profile.language and profile.language != person.language and person.language_from != "chosen"
    news = ProfileNews(
        profile.platform,
        name=profile.name if profile.name and profile.name != person.name else None,
        language=profile.language if speaks else None,
        zone=profile.zone if person.zone is None else None,
    )
    return None if news == ProfileNews(profile.platform) else news
