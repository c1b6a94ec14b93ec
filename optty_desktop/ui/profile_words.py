"""The words for the fields of a profile, for what differs, and for each rule a field can break."""

from collections.abc import Callable, Iterable

from optty_desktop.core.environments import Environment, EnvironmentKind, RefundWith
from optty_desktop.core.profile_changes import Change, ProfileField
from optty_desktop.core.profile_rules import Rule, RuleBroken
from optty_desktop.core.routes import PLACEHOLDER
from optty_desktop.ui.card_numbers import card_number_problem
from optty_desktop.ui.field import Check
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr

_LONGEST = 240


def problem_words(rule: Rule) -> str:
    """What to do about a broken rule, without a full stop at the end."""
    words = {
        Rule.NAME: tr("Enter a name of one line, at most 60 letters"),
        Rule.ADDRESS: tr("Enter a whole address, like https://api.example.com"),
        Rule.HTTPS: tr("Enter an address that begins with https:// and has no port"),
        Rule.PORT: tr("Enter a port up to 65535"),
        Rule.LINK_HOST: tr("Enter host names in small letters, one a line, like pay.example.com"),
        Rule.METHOD: tr("Choose how the request is sent"),
        Rule.PATH_START: tr("Begin the path with a slash, like /links/{placeholder}", placeholder=PLACEHOLDER),
        Rule.PATH_CHARACTERS: tr("Use letters, digits and the signs of an address only, at most 200"),
        Rule.PATH_STEPS: tr("Take // and .. out of the path"),
        Rule.PATH_PLACEHOLDER: tr("Use {placeholder} and no other braces", placeholder=PLACEHOLDER),
        Rule.BODY: tr('Enter a JSON object, with "{placeholder}" in quotes, or nothing', placeholder=PLACEHOLDER),
        Rule.PLACEHOLDER: tr("Put {placeholder} where the number of the link belongs", placeholder=PLACEHOLDER),
        Rule.WEBHOOK_SITE: tr("Enter the address as webhook.site shows it, https://webhook.site/ with its id"),
        Rule.SANDBOX_ONLY: tr("webhook.site is for Sandbox only: whoever knows the address can read what it gets"),
        Rule.PUBLIC_HOST: tr("webhook.site shows everybody what it gets. Enter an address of the payment service"),
        Rule.HOSTS_APART: tr("These addresses belong to another kind of environment. Enter those of this one"),
    }
    return words.get(rule) or tr("This profile breaks a rule. Compare it with what the payment service gave you")


def checked(check: Callable[[str], object]) -> Check:
    """A check for a field made from a rule. No card number belongs anywhere in a profile either."""

    def problem(text: str) -> str | None:
        try:
            check(text.strip())
        except RuleBroken as broken:
            return problem_words(broken.rule)
        return card_number_problem(text)

    return problem


def say_change(passage: Passage, change: Change) -> None:
    """One difference as a line: the field, what it was, what it is to be."""
    field = field_words(change.field)
    old, new = (_value(change.field, text) for text in (change.old, change.new))
    if change.field is ProfileField.SHOW_REPORTED:
        passage.say(tr("**{field}:** {old} → {new}"), field=field, old=old, new=new)
    elif not change.old:
        passage.say(tr("**{field}:** nothing until now → {new}"), field=field, new=new)
    elif not change.new:
        passage.say(tr("**{field}:** {old} → nothing"), field=field, old=old)
    else:
        passage.say(tr("**{field}:** {old} → {new}"), field=field, old=old, new=new)


def warning_words(environment: Environment, differing: Iterable[Change]) -> str:
    """What to think of before these fields of a profile are changed."""
    fields = {change.field for change in differing}
    if fields == {ProfileField.SHOW_REPORTED} and environment.show_reported_payments:
        return tr("Staff will then see payments as paid that nobody has confirmed. Each is marked as reported.")
    if not fields & _WHERE_MONEY_GOES:
        return tr("Check each line.")
    if environment.kind is EnvironmentKind.LIVE:
        return tr("This is Live: ID and secret go to these addresses, and real money follows them. Check each line.")
    return tr("ID and secret go to these addresses. Check each line.")


_WHERE_MONEY_GOES = frozenset(ProfileField) - {
    ProfileField.NAME, ProfileField.WEBHOOK_SITE, ProfileField.SHOW_REPORTED
}  # fmt: skip


def field_words(field: ProfileField) -> str:
    """What a field is called in the form."""
    words = {
        ProfileField.NAME: tr("Name"),
        ProfileField.TOKEN_URL: tr("Token address"),
        ProfileField.API_URL: tr("API address"),
        ProfileField.LINK_HOSTS: tr("Hosts of payment links"),
        ProfileField.REFUND_WITH: tr("Refunds go back"),
        ProfileField.ROUTE: tr("Cancel or refund request"),
        ProfileField.BODY: tr("Body of the request"),
        ProfileField.WEBHOOK_SITE: tr("Notifications at webhook.site"),
        ProfileField.SHOW_REPORTED: tr("Show reported payments"),
    }
    return words[field]


def refund_words(way: RefundWith) -> str:
    """What a way to pay money back is called."""
    return tr("By the order, parts possible") if way is RefundWith.ORDER else tr("By the link")


def _value(field: ProfileField, text: str) -> str:
    if field is ProfileField.REFUND_WITH and text:
        return refund_words(RefundWith(text))
    if field is ProfileField.SHOW_REPORTED:
        return tr("On") if text else tr("Off")
    return harmless(text, _LONGEST)
