"""What it means when the payment service says no, in words for staff."""

from optty_desktop.core import errors as e
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr

_MOST_REASONS = 3
_LONGEST_REASON = 160


def title(error: e.Refused) -> str:
    """A short heading for a refusal."""
    match error:
        case e.SignInRefused():
            return tr("Not signed in")
        case e.ScopeRefused():
            return tr("Not allowed for this account")
        case e.RouteMissing():
            return tr("The address in this profile is not right")
        case e.NotFound():
            return tr("Not known to the payment service")
        case e.AlreadyExists():
            return tr("This number is taken")
        case e.TooManyRequests():
            return tr("The payment service is busy")
    return tr("Not accepted")


def text(error: e.Refused, is_create: bool, environment: str) -> str:
    """What was refused and what to do, without a full stop at the end."""
    match error:
        case e.SignInRefused():
            return _sign_in_refused(environment)
        case e.ScopeRefused():
            return tr("Your payment account may not do this. Ask whoever manages your payment account")
        case e.RouteMissing():
            return tr(
                "The address in this profile is not right: the payment service does not know it. "
                "Ask whoever manages your payment account"
            )
        case e.NotFound():
            return tr("The payment service does not know this link. Perhaps the customer has not begun to pay")
        case e.AlreadyExists():
            return tr("The payment service has a link with this number. Check it before you make another one")
        case e.TooManyRequests():
            return _busy(error)
    if is_create:
        return _not_accepted(tr("this link"), error)
    return _not_accepted(tr("this request"), error)


def _sign_in_refused(environment: str) -> str:
    if environment:
        return tr(
            "This ID and secret were not accepted for {environment}. Check both, or ask whoever manages your "
            "payment account",
            environment=environment,
        )
    return tr("This ID and secret were not accepted. Check both, or ask whoever manages your payment account")


def _busy(error: e.TooManyRequests) -> str:
    if error.retry_after is None:
        return tr("The payment service is busy. Try again in a minute")
    return tr("The payment service is busy. Try again in {n} s", n=max(1, round(error.retry_after)))


def _not_accepted(what: str, error: e.Refused) -> str:
    reasons = reasons_of(error)
    if not reasons:
        return tr("The payment service did not accept {what} and gave no reason", what=what)
    return tr("The payment service did not accept {what}: {reason}", what=what, reason=reasons)


def reasons_of(error: e.Refused) -> str:
    """The service's own sentences, made harmless, on one line; empty when it gave none."""
    shown = [harmless(message, _LONGEST_REASON).strip(" .") for message in error.messages[:_MOST_REASONS]]
    return ", ".join(reason for reason in shown if reason)
