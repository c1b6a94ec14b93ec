"""What differs between two versions of a profile, field by field: the question before a change is made of it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from optty_desktop.core.environments import Environment, EnvironmentKind


class ProfileField(StrEnum):
    """What of a profile a person may change, in the order it is shown."""

    NAME = "name"
    TOKEN_URL = "token_url"  # noqa: S105 - the name of a field
    API_URL = "api_url"
    LINK_HOSTS = "link_hosts"
    REFUND_WITH = "refund_with"
    ROUTE = "route"
    BODY = "body"
    WEBHOOK_SITE = "webhook_site"
    SHOW_REPORTED = "show_reported_payments"


@dataclass(frozen=True, slots=True)
class Change:
    """One field, as it was and as it is to be. A field that is not set is an empty text."""

    field: ProfileField
    old: str
    new: str


def changes(before: Environment, after: Environment) -> tuple[Change, ...]:
    """What a person would see differ; nothing for two profiles that do the same."""
    old, new = _texts(before), _texts(after)
    return tuple(Change(field, old[field], new[field]) for field in ProfileField if old[field] != new[field])


def changed_by_hand(before: Environment, after: Environment) -> Environment:
    """``after`` with what follows from its having been typed.

    What is typed does not come from a file any more, and a new route to real money counts as never tried; so does a
    known one at another address.
    """
    if not changes(before, after):
        return before
    known, route = before.cancel_or_refund, after.cancel_or_refund
    if route is None:
        return replace(after, imported=None)
    if known is not None and after.cancels_like(before):
        return replace(after, cancel_or_refund=known, imported=before.imported)
    is_tried = after.kind is not EnvironmentKind.LIVE
    origin = before.imported if route.is_same_call(known) else None
    return replace(after, cancel_or_refund=replace(route, tried=is_tried), imported=origin)


def _texts(environment: Environment) -> dict[ProfileField, str]:
    route = environment.cancel_or_refund
    return {
        ProfileField.NAME: environment.name,
        ProfileField.TOKEN_URL: environment.token_url,
        ProfileField.API_URL: environment.api_url,
        ProfileField.LINK_HOSTS: ", ".join(environment.link_hosts),
        ProfileField.REFUND_WITH: environment.refund_with,
        ProfileField.ROUTE: f"{route.method} {route.path}" if route is not None else "",
        ProfileField.BODY: route.body if route is not None else "",
        ProfileField.WEBHOOK_SITE: environment.webhook_site or "",
        ProfileField.SHOW_REPORTED: "true" if environment.show_reported_payments else "",
    }
