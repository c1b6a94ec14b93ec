"""Why the table has no rows, in words that are true of what was looked at, and the ways on."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from optty_desktop.ui.empty_state import EmptyWords
from optty_desktop.ui.link_filter import LinkFilter, filter_word
from optty_desktop.ui.table_summary import Scope
from optty_desktop.ui.times import day, when
from optty_desktop.ui.words import tr


class Way(StrEnum):
    """A button of the empty table."""

    EARLIER = "earlier"
    PRACTICE = "practice"
    CLEAR_SEARCH = "clear_search"
    SHOW_ALL = "show_all"


@dataclass(frozen=True, slots=True)
class Lack:
    """What was looked at. `searched` is empty without a search.

    `since` is the day, for a session the time, in words, before which nothing was looked at; empty where the whole
    record was, or where `scope` says it.
    """

    scope: Scope
    view: LinkFilter
    searched: str = ""
    since: str = ""
    is_searching_on: bool = False
    may_have_earlier: bool = False
    is_practice: bool = False


def since_words(scope: Scope, since: datetime | None, now: datetime, zone: tzinfo | None, *, is_searching: bool) -> str:
    """`Lack.since` for what was looked at from the moment `since` on; None: the whole record."""
    if since is None or (scope is Scope.TODAY and not is_searching):
        return ""
    return day(since, zone) if is_searching or scope is Scope.EARLIER else when(since, now, zone)


def earlier_word(scope: Scope, *, is_searching: bool) -> str:
    """What leads to more: a search to earlier days, a session first to the earlier links of its own day."""
    is_same_day = scope is Scope.SESSION and not is_searching
    return tr("Show earlier links") if is_same_day else tr("Show earlier days")


def empty_words(lack: Lack) -> tuple[EmptyWords, list[Way]]:
    """The words and at most two ways on."""
    earlier = [Way.EARLIER] if lack.may_have_earlier else []
    if lack.searched:
        return _nothing_found(lack), [Way.CLEAR_SEARCH, *_ways_of_search(lack, earlier)]
    match lack.view:
        case LinkFilter.OPEN:
            return EmptyWords(tr("No open links"), "", icon="clock"), [Way.SHOW_ALL]
        case LinkFilter.PROBLEMS:
            return EmptyWords(tr("No problems"), "", icon="circle-check"), [Way.SHOW_ALL]
        case LinkFilter.PAID:
            return EmptyWords(_no_paid_links(lack), "", icon="circle-check"), [*earlier, Way.SHOW_ALL]
        case LinkFilter.ALL:
            if lack.is_practice:
                return EmptyWords(_no_links(lack), _practice_text(), has_shortcuts=True), [*earlier, Way.PRACTICE]
            text = tr(
                "Type an amount on the left and press Create link.\n"
                "The QR code appears here, and every link you make is listed with its live status."
            )
            return EmptyWords(_no_links(lack), text, has_shortcuts=True), earlier


def _practice_text() -> str:
    return tr(
        "Type an amount on the left and press Create practice link. A pretend customer pays it within seconds.\n"
        "To practise the rest, end the amount in .04 (nobody pays, so you can cancel), "
        ".05 (declined) or .06 (no answer comes)."
    )


def _ways_of_search(lack: Lack, earlier: list[Way]) -> list[Way]:
    if lack.is_searching_on:
        return []
    return earlier if lack.view is LinkFilter.ALL else [Way.SHOW_ALL]


def _nothing_found(lack: Lack) -> EmptyWords:
    if lack.is_searching_on:
        return EmptyWords(tr("Searching earlier days…"), "", icon="search")
    if lack.since:
        heading = tr("No links match “{text}” since {date}", text=lack.searched, date=lack.since)
    else:
        heading = tr("No links match “{text}”", text=lack.searched)
    is_all = lack.view is LinkFilter.ALL
    text = "" if is_all else tr("Only links under “{view}” are shown.", view=filter_word(lack.view))
    return EmptyWords(heading, text, icon="search")


def _no_paid_links(lack: Lack) -> str:
    if lack.scope is Scope.TODAY:
        return tr("No paid links today")
    if lack.scope is Scope.SESSION:
        return _no_paid_links_of_session(lack)
    return tr("No paid links since {date}", date=lack.since) if lack.since else tr("No paid links")


def _no_paid_links_of_session(lack: Lack) -> str:
    if not lack.may_have_earlier:
        return tr("No paid links")
    since = lack.since
    return tr("No paid links since you signed in at {time}", time=since) if since else tr("No paid links since sign-in")


def _no_links(lack: Lack) -> str:
    if lack.scope is Scope.TODAY:
        return tr("No links yet today")
    if lack.scope is Scope.SESSION:
        return _no_links_of_session(lack)
    return tr("No links since {date}", date=lack.since) if lack.since else tr("No links yet")


def _no_links_of_session(lack: Lack) -> str:
    if not lack.may_have_earlier:
        return tr("No links yet")
    since = lack.since
    return tr("No links since you signed in at {time}", time=since) if since else tr("No links since sign-in")
