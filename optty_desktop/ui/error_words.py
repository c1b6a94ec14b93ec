"""One clear sentence for everything that can go wrong, in each situation: what is so, then what to do."""

from dataclasses import dataclass
from enum import StrEnum

from optty_desktop.core import errors as e
from optty_desktop.till.cancel_or_refund import ChangedMeanwhile
from optty_desktop.ui import network_words, refusal_words
from optty_desktop.ui.field_words import limit_words
from optty_desktop.ui.host_words import LONGEST_HOST, host_refused_text
from optty_desktop.ui.notice_problems import problem_words
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr


class Doing(StrEnum):
    """What was being done when it went wrong."""

    SIGN_IN = "sign_in"
    CREATE = "create"
    CANCEL = "cancel"
    REFUND = "refund"
    SETTLE = "settle"
    SET_BY_HAND = "set_by_hand"
    CHECK = "check"
    OPEN_JOURNAL = "open_journal"
    SAVE = "save"
    RESCUE = "rescue"


@dataclass(frozen=True, slots=True)
class Words:
    """A short heading, and the sentence below it. Both plain text, no markup."""

    title: str
    text: str


_PORTAL_SIGNS = frozenset({e.Trouble.NOT_JSON, e.Trouble.REDIRECT})
# Calls that name no link or order: a 404 can only mean their own address.
_ABOUT_NO_LINK = frozenset({Doing.SIGN_IN, Doing.CREATE})


def sentence(error: BaseException, doing: Doing, *, environment: str = "") -> Words:
    """The words for `error`. `environment` is the name of the place signed in to, for a sign-in refused."""
    if isinstance(error, e.NotFound) and doing in _ABOUT_NO_LINK:
        error = e.RouteMissing(error.status, details=error.details)
    match error:
        case e.NotSent():
            return _not_sent(error, doing)
        case e.OutcomeUnknown():
            return _no_answer(error, doing)
        case e.Refused():
            return Words(
                refusal_words.title(error),
                _join(
                    refusal_words.text(error, is_create=doing is Doing.CREATE, environment=environment), doing, error
                ),
            )
        case e.JournalProblem():
            return _journal(error, doing)
        case e.KeychainProblem():
            return Words(
                tr("The keychain did not answer"),
                tr("The keychain of this computer cannot be used now. Type ID and secret by hand to sign in"),
            )
        case e.HostRefused():
            return Words(tr("Not confirmed"), host_refused_text(error))
        case e.AboveLimit():
            return Words(tr("Above the limit"), _join(limit_words(error.limit), doing, error))
        case e.NoRight():
            return Words(
                tr("Not allowed"), _join(tr("You may not do this. Ask whoever manages this till"), doing, error)
            )
    return _of_files(error, doing) or _of_this_till(error, doing)


class ErrorWords:
    """`sentence` for one environment, for those who speak of errors all the time."""

    def __init__(self, environment: str = "") -> None:
        self._environment = environment

    def sentence(self, error: BaseException, doing: Doing) -> Words:
        """The words for `error`."""
        return sentence(error, doing, environment=self._environment)


def _of_files(error: BaseException, doing: Doing) -> Words | None:
    """What a file, or a text in place of one, is found to be."""
    match error:
        case e.ProfileProblem() if doing is Doing.SAVE:
            return Words(
                tr("Not saved"),
                tr("Nothing was saved, and what you typed is still here: {reason}", reason=_reason(error)),
            )
        case e.ProfileProblem():
            return Words(
                tr("A profile cannot be used"),
                tr("Mend or remove this file, then try again: {reason}", reason=_reason(error)),
            )
        case e.CollectionProblem():
            return Words(
                tr("This export cannot be used"),
                tr(
                    "Nothing was changed. Choose another file, or export it from Postman once more: {reason}",
                    reason=harmless(str(error), 160).rstrip(". "),
                ),
            )
        case e.NoticeProblem():
            return Words(tr("No notification was read"), problem_words(error.trouble))
        case e.FileKept():
            return Words(
                tr("Not deleted"),
                tr(
                    "{name} is still there: it has changed since, or this computer keeps it. "
                    "Delete it in its folder by hand",
                    name=harmless(error.name, 100) or tr("The file"),
                ),
            )
    return None


def _of_this_till(error: BaseException, doing: Doing) -> Words:
    match error:
        case e.UnsafeLink():
            return _held_back(error)
        case e.AnswerNotStored():
            return Words(
                tr("Done, but not recorded"),
                tr(
                    "The payment service did this, but this computer could not record it. Do not send it again. "
                    "Free some room on the disk, then start Payment Links anew"
                ),
            )
        case e.ChoiceNotKept():
            return Words(
                tr("Not saved"),
                tr(
                    "This holds until Payment Links closes, but it could not be saved. "
                    "Free some room on the disk, then choose it again"
                ),
            )
        case e.NoRoute():
            return Words(tr("No address for cancel and refund"), no_route_text())
        case e.OperationOpen():
            return Words(
                tr("Another request is not settled"),
                tr("A request for this link still waits for its answer. Nothing more was sent. Check now, or wait"),
            )
        case e.TooEarly():
            return Words(
                tr("Too early to say"),
                tr(
                    "What was sent may still come in, so nobody can say yet that nothing happened. Nothing was closed. "
                    "Keep checking, and choose it again in a few minutes"
                ),
            )
        case e.NotAllowedNow() | ChangedMeanwhile():
            return Words(
                tr("This link has changed"),
                tr("This link is not what it was on the screen. Nothing was sent. Look at it again"),
            )
    return Words(
        tr("Something unexpected happened"),
        tr("This program met something it does not know. Look at the link before you try again")
        if doing in _ABOUT_LINKS
        else tr("This program met something it does not know. Try again, or start it anew"),
    )


def _reason(error: e.ProfileProblem) -> str:
    return harmless(str(error), 160).rstrip(". ")


_ABOUT_LINKS = frozenset({Doing.CREATE, Doing.CANCEL, Doing.REFUND, Doing.SETTLE, Doing.SET_BY_HAND, Doing.CHECK})


def no_route_text() -> str:
    """Why nothing can be cancelled or refunded with this profile."""
    return tr(
        "This till has no address for cancel and refund yet. Ask whoever manages your payment account to enter it"
    )


def cannot_confirm_text() -> str:
    """Why a link that this account may not read can be neither cancelled nor refunded here."""
    return tr(
        "Your payment account may not read this link, so nothing about it can be confirmed. Nothing was changed. "
        "Look it up in your payment account, and cancel or refund it there"
    )


def held_back_text() -> str:
    """Why a link that exists cannot be shown or copied."""
    return tr(
        "The payment service sent an address this till does not trust. It is held back. "
        "Ask whoever manages your payment account"
    )


def unknown_host_text(host: str) -> str:
    """Why a link is held back that somebody may still let through."""
    return tr(
        "This link leads to {host}, which this till does not know yet. "
        "It is held back until whoever manages this till confirms the host",
        host=harmless(host, LONGEST_HOST),
    )


def rebuilt_text() -> str:
    """Why nothing can be cancelled or refunded with a record that took the place of a damaged one."""
    return tr("Cancels and refunds wait until somebody has compared the record with the payment service")


def no_name_text() -> str:
    """Why somebody may not do what only a person with a name may do."""
    return tr("This till has no name to sign with. Ask whoever manages this till to enter one")


def portal_text() -> str:
    """What to do when a hotel, shop or guest network answers in place of the service."""
    return tr("This network wants a sign-in of its own. Open a web browser, sign in there, then try again")


def _held_back(error: e.UnsafeLink) -> Words:
    title = tr("The address is held back")
    if not error.host:
        return Words(title, held_back_text())
    if error.held_url is not None:
        return Words(title, unknown_host_text(error.host))
    leads = tr("This link leads to {host}.", host=harmless(error.host, 80))
    return Words(title, f"{leads} {held_back_text()}")


def _not_sent(error: e.NotSent, doing: Doing) -> Words:
    title, text = tr("No connection"), tr("No connection. Check the network cable or Wi-Fi, then try again")
    match error.trouble:
        case trouble if trouble in network_words.TROUBLES:
            title, text = network_words.title(trouble), network_words.text(error)
        case trouble if trouble in _PORTAL_SIGNS:
            title, text = tr("The network wants a sign-in"), portal_text()
        case e.Trouble.SERVER | e.Trouble.TOO_LARGE:
            title, text = tr("No answer"), _silence(None)
        case e.Trouble.BAD_ANSWER if "exchange" in error.details:
            title, text = tr("No answer"), _silence(None)  # the token call was answered, and nobody can use that
        case e.Trouble.BAD_ANSWER:
            title = tr("This link cannot be read")
            text = tr("The payment service gave this link a name that cannot be asked for. Ask whoever manages it")
        case _ if doing is Doing.CHECK:
            text = _could_not_check()
    return Words(title, _join(text, doing, error))


def _no_answer(error: e.OutcomeUnknown, doing: Doing) -> Words:
    match doing:
        case Doing.CREATE:
            return Words(
                tr("We do not know if this link exists"),
                tr(
                    "The connection dropped before the answer came back. Do not create it again yet. "
                    "The customer could pay twice"
                ),
            )
        case Doing.CANCEL:
            return Words(
                tr("We do not know if this link was cancelled"),
                tr("Do not cancel it again, and do not make a new link yet. We keep checking"),
            )
        case Doing.REFUND:
            return Words(tr("We do not know if this refund went through"), tr("Do not refund again. We keep checking"))
    if error.trouble in _PORTAL_SIGNS:
        return Words(tr("The network wants a sign-in"), portal_text())
    if doing is Doing.CHECK and error.trouble is not e.Trouble.SERVER:
        return Words(tr("No answer"), _could_not_check())
    return Words(tr("No answer"), _join(_silence(error.retry_after), doing, error))


def _silence(retry_after: float | None) -> str:
    if retry_after is not None:
        n = max(1, round(retry_after))
        return tr("The payment service is not answering. Nothing was lost. Try again in {n} s", n=n)
    return tr("The payment service is not answering. Nothing was lost. Try again in a minute")


def _could_not_check() -> str:
    return tr("We could not check this link. Nothing was changed. Try again when the connection is back")


def _journal(error: e.JournalProblem, doing: Doing) -> Words:
    match error:
        case e.JournalDamaged():
            title = tr("The record is damaged")
            text = _damaged(doing)
        case e.JournalNewer():
            title = tr("The record is newer than this program")
            text = tr("A newer version of this program wrote the record. Start that version, or update this one")
        case e.KeptForRecord():
            title = tr("Kept for the record")
            text = tr(
                "This folder or this kind of name is kept for the record itself. "
                "Choose another folder, and a name that ends in .jsonl"
            )
        case _ if doing is Doing.SAVE and not isinstance(error, e.JournalInUse | e.JournalNewer | e.DiskFull):
            title = tr("The file cannot be written")
            text = tr("This file cannot be written there. Choose another folder, or ask whoever manages this computer")
        case e.JournalReadOnly():
            title = tr("The record cannot be written")
            text = tr("This user may not write the record on this computer. Ask whoever manages this till")
        case e.JournalInUse():
            title = tr("Open already")
            text = tr("Another window of this program uses the record. Close that one, then try again")
        case e.JournalOnNetwork():
            title = tr("The record lies on the network")
            text = tr("The record must lie on a disk of this computer. Ask whoever manages this till")
        case e.RebuildUnconfirmed():
            title = tr("The record was rebuilt")
            text = rebuilt_text()
        case e.DiskFull():
            title = tr("No room left on this computer")
            text = tr("The disk is full. Make room, then try again")
        case _:
            title = tr("The record cannot be used")
            text = tr("The record on this computer cannot be opened or written. Ask whoever manages this till")
    return Words(title, _join(text, doing, error))


def _damaged(doing: Doing) -> str:
    match doing:
        case Doing.SIGN_IN:
            return tr("The record of this till is damaged and was left as it is. Sign in again to go on without it")
        case Doing.RESCUE:
            return tr("This copy is damaged too")
    return tr("The record of this till is damaged and was left as it is. Start Payment Links anew to go on without it")


def _join(text: str, doing: Doing, error: BaseException) -> str:
    """`text` and what it means for what was wanted: in all these cases, that it was not done."""
    if isinstance(error, e.AlreadyExists) and doing is Doing.CREATE:
        return text
    match doing:
        case Doing.CREATE:
            return tr("{what}. Nothing was created", what=text)
        case Doing.CANCEL:
            return tr("{what}. Nothing was cancelled", what=text)
        case Doing.REFUND:
            return tr("{what}. Nothing was refunded", what=text)
        case Doing.SET_BY_HAND:
            return tr("{what}. Nothing was set", what=text)
        case Doing.SETTLE:
            return tr("{what}. Nothing was closed", what=text)
        case Doing.SAVE:
            return tr("{what}. Nothing was saved", what=text)
        case Doing.RESCUE:
            return tr("{what}. Nothing was thrown away", what=text)
    return text
