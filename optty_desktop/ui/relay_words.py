"""The words for what can go wrong with the shop's relay: what is so, then what to do."""

from typing import Final

from optty_desktop.core.errors import AppError, KeychainProblem, NoRight, NotSent, ProfileProblem, Trouble
from optty_desktop.core.pairing_text import without_tls
from optty_desktop.core.profile_rules import Rule
from optty_desktop.core.relay_failures import (
    CodeRefused,
    NoRelayAnswer,
    NotARelay,
    NotPaired,
    NotReached,
    OtherEnvironment,
    PairingNotKept,
    TooManyCodes,
)
from optty_desktop.ui import network_words
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr

_LONGEST_HOST: Final = 80
_LONGEST_REASON: Final = 160


def failure_words(error: AppError, environment: str, tried: str = "") -> str:
    """The sentence for ``error``; ``environment`` is what this till calls the one it works in.

    ``tried`` is the address the relay was looked for at, where somebody has just typed it.
    """
    if _may_want_no_tls(error, tried):
        return tr(
            "{tried} did not answer as a relay with a certificate. For a relay on this computer type {plain}",
            tried=harmless(tried, _LONGEST_HOST),
            plain=harmless(without_tls(tried), _LONGEST_HOST),
        )
    host = harmless(error.details.get("host", ""), _LONGEST_HOST)
    match error:
        case CodeRefused():
            return tr("This code is wrong, used or too old. Check it, or ask for a new one")
        case TooManyCodes():
            return tr("The relay was shown too many codes at once. Wait a moment, then try again")
        case OtherEnvironment():
            return tr(
                "This relay serves {other}, and this till works in {environment}. Ask for a code for {environment}",
                other=harmless(error.environment, _LONGEST_HOST),
                environment=environment,
            )
        case NotARelay():
            return tr(
                "Something answers at {host}, but it is no relay. Check the address, "
                "and whether this network wants a sign-in of its own",
                host=host,
            )
        case NotPaired():
            return tr(
                "The relay does not know this till any more: it was shut out, or another till was paired under its "
                "name. Unpair it, then pair it with a new code"
            )
        case NotReached():
            return _not_reached(error, host)
        case NoRelayAnswer():
            return _no_answer(error, host)
    return _of_this_till(error)


def is_about_code(error: AppError) -> bool:
    """Whether another code would help."""
    return isinstance(error, CodeRefused | OtherEnvironment)


def is_about_address(error: AppError, tried: str) -> bool:
    """Whether another address than the one tried may help."""
    is_unknown = isinstance(error, NotReached) and error.trouble is Trouble.NAME_LOOKUP
    return is_unknown or isinstance(error, NotARelay) or _may_want_no_tls(error, tried)


def address_words(rule: Rule) -> str:
    """What is wrong with an address that was typed."""
    match rule:
        case Rule.HTTPS:
            return tr("Enter an address that begins with https://")
        case Rule.PORT:
            return tr("Enter a port from 1 to 65535")
    return tr("Enter the address of the relay, like https://relay.example.com")


def code_words() -> str:
    """What is wrong with a code that was typed."""
    return tr("Enter all twelve letters and digits of the code, like ABCD-EFGH-JKMN")


def _may_want_no_tls(error: AppError, tried: str) -> bool:
    """A relay on this computer itself is often spoken to without TLS, and https is what is added to its address."""
    return isinstance(error, NotReached) and bool(without_tls(tried))


def _not_reached(error: NotReached, host: str) -> str:
    match error.trouble:
        case trouble if trouble in network_words.TROUBLES:
            return network_words.text(NotSent(trouble))
        case Trouble.NAME_LOOKUP:
            return tr("Nobody knows {host}. Check the address, then the network cable or Wi-Fi", host=host)
    return tr(
        "The relay at {host} cannot be reached. Check the address and the network, or ask whoever runs the relay",
        host=host,
    )


def _no_answer(error: NoRelayAnswer, host: str) -> str:
    if error.trouble is Trouble.SERVER:
        return tr(
            "The relay at {host} has a problem of its own. Try again in a minute, or ask whoever runs it", host=host
        )
    return tr(
        "The connection to {host} broke before the answer came. Try again; "
        "if a pairing code is refused then, ask for a new one",
        host=host,
    )


def _of_this_till(error: AppError) -> str:
    match error:
        case PairingNotKept():
            return tr(
                "The relay took the code, but the keychain of this computer did not keep the pairing. "
                "Unlock the keychain, then ask for a new code"
            )
        case KeychainProblem():
            return tr(
                "The keychain of this computer cannot be used now, so nothing was changed. Unlock it, then try again"
            )
        case ProfileProblem():
            return tr("Nothing was changed: {reason}", reason=harmless(str(error), _LONGEST_REASON))
        case NoRight():
            return tr("You may not do this. Ask whoever manages this till. Nothing was changed")
    return sentence(error, Doing.SIGN_IN).text
