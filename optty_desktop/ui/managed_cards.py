"""What the settings say about a policy: who set it, where, and what is set that has no field of its own."""

from collections.abc import Iterator

from optty_desktop.core.money import format_amount
from optty_desktop.core.policy import Policy
from optty_desktop.core.updates import UpdateMode
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.words import tr

_LONGEST_PATH = 240


def set_by_words(policy: Policy) -> str:
    """Who set something that cannot be changed here."""
    return tr("Set by your administrator in {file}", file=harmless(policy.file, _LONGEST_PATH))


def managed_cards(look: Look, policy: Policy) -> tuple[TitledCard, ...]:
    """The card that says what the policy sets; none where there is no policy."""
    if not policy.file:
        return ()
    card = TitledCard(look, tr("Managed by your administrator"))
    card.add_text(
        tr(
            "What is set in {file} holds for everybody on this computer and cannot be changed here.",
            file=harmless(policy.file, _LONGEST_PATH),
        ),
        name="policyFileText",
    )
    for name, words in _rules(policy):
        card.add_text(words, name=name)
    return (card,)


def _rules(policy: Policy) -> Iterator[tuple[str, str]]:
    if policy.environments:
        yield (
            "policyEnvironmentsText",
            tr("Environments that may be used: {names}.", names=", ".join(policy.environments)),
        )
    if policy.network is not None:
        yield "policyNetworkText", tr("The proxy and the trusted certificates are set there.")
    if policy.largest:
        amounts = ", ".join(format_amount(most) for most in policy.largest)
        yield "policyLimitText", tr("One link may ask for at most {amounts}.", amounts=amounts)
    if policy.warn_above is not None:
        amount = format_amount(policy.warn_above)
        yield "policyWarningText", tr("Amounts above {amount} get a warning.", amount=amount)
    if policy.show_reported_payments is not None:
        on, off = tr("Reported payments are shown as such."), tr("Reported payments are not shown.")
        yield "policyReportedText", on if policy.show_reported_payments else off
    if policy.updates is not None:
        is_off = policy.updates.mode is UpdateMode.OFF
        off, on = tr("Nobody is told of new versions here."), tr("Where new versions are announced is set there.")
        yield "policyUpdatesText", off if is_off else on
