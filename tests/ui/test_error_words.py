"""Every error has its sentence in every situation, in words for a shop."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest

from optty_desktop.core import errors
from optty_desktop.core.errors import (
    AboveLimit,
    AppError,
    CollectionProblem,
    HostRefused,
    NotSent,
    OutcomeUnknown,
    ProfileProblem,
    Refused,
    RouteMissing,
    SignInRefused,
    TooManyRequests,
    Trouble,
    UnsafeLink,
)
from optty_desktop.core.host_names import HostFault
from optty_desktop.core.money import Money
from optty_desktop.till.cancel_or_refund import ChangedMeanwhile
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.ui.error_words import Doing, ErrorWords, sentence
from tests.ui.money_links import paid_link

FORBIDDEN = re.compile(
    r"transaction|invalid|failed to|error|oops|successfully|please|sorry|exception|traceback|null|None|http|!", re.I
)


def every_error() -> Iterator[AppError]:
    """One of each class of core.errors, with each kind of trouble, and those of the verbs."""
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if not issubclass(kind, AppError):
            continue
        if issubclass(kind, NotSent | OutcomeUnknown):
            yield from (kind(trouble) for trouble in Trouble)
        elif issubclass(kind, Refused):
            yield kind(400)
            yield kind(422, ("email is not an address", "amount is too high"))
        elif issubclass(kind, UnsafeLink):
            yield kind("host", "evil.example")
            yield kind("shape")
        elif issubclass(kind, CollectionProblem):
            yield kind("optty.json cannot be used: evil.example is neither Optty nor a host of Sandbox.")
        elif issubclass(kind, HostRefused):
            yield from (kind(fault, "pay.evil.example", "/etc/xdg/optty-desktop/policy.toml") for fault in HostFault)
        elif issubclass(kind, AboveLimit):
            yield kind(Money(500_000, "USD"))
        elif issubclass(kind, ProfileProblem):
            yield kind("sandbox.toml, environment 2: no token_url.")
        else:
            yield kind()
    yield ChangedMeanwhile(Seen(paid_link(), None))
    yield OutcomeUnknown(Trouble.SERVER, status=503, retry_after=7)
    yield TooManyRequests(429, retry_after=12)


@pytest.mark.parametrize("doing", Doing)
@pytest.mark.parametrize("error", list(every_error()), ids=lambda error: f"{type(error).__name__}-{error}")
def test_each_error_has_a_clear_sentence(error: AppError, doing: Doing) -> None:
    words = sentence(error, doing)
    assert 3 < len(words.title) < 60
    assert 20 < len(words.text) < 260
    assert words.text[0].isupper()
    assert not words.text.endswith(".")
    assert ".." not in words.text
    for text in (words.title, words.text):
        assert not FORBIDDEN.search(text), text
        assert not re.search(r"\b[45]\d\d\b", text), f"a raw code: {text}"
        assert type(error).__name__ not in text


@pytest.mark.parametrize("doing", [Doing.CREATE, Doing.CANCEL, Doing.REFUND])
@pytest.mark.parametrize("trouble", Trouble)
def test_a_lost_answer_never_says_that_nothing_happened(trouble: Trouble, doing: Doing) -> None:
    words = sentence(OutcomeUnknown(trouble), doing)
    assert "We do not know" in words.title
    assert "Nothing was" not in words.text
    assert "Do not" in words.text


@pytest.mark.parametrize(
    ("doing", "end"),
    [
        (Doing.CREATE, "Nothing was created"),
        (Doing.CANCEL, "Nothing was cancelled"),
        (Doing.REFUND, "Nothing was refunded"),
    ],
)
def test_what_was_not_sent_says_that_nothing_happened(doing: Doing, end: str) -> None:
    text = sentence(NotSent(Trouble.CONNECT), doing).text
    assert text == f"No connection. Check the network cable or Wi-Fi, then try again. {end}"


def test_the_exact_words() -> None:
    refused = sentence(SignInRefused(401), Doing.SIGN_IN, environment="Live").text
    assert refused == (
        "This ID and secret were not accepted for Live. Check both, or ask whoever manages your payment account"
    )
    assert ErrorWords("Live").sentence(SignInRefused(401), Doing.SIGN_IN).text == refused
    offline = sentence(NotSent(Trouble.NAME_LOOKUP), Doing.SIGN_IN).text
    assert offline == "No connection. Check the network cable or Wi-Fi, then try again"
    portal = sentence(OutcomeUnknown(Trouble.NOT_JSON), Doing.SIGN_IN).text
    assert portal == "This network wants a sign-in of its own. Open a web browser, sign in there, then try again"
    unchecked = sentence(NotSent(Trouble.CONNECT), Doing.CHECK).text
    assert unchecked == "We could not check this link. Nothing was changed. Try again when the connection is back"
    assert sentence(RouteMissing(404), Doing.CANCEL).text.startswith("The address in this profile is not right: ")
    assert sentence(TooManyRequests(429, retry_after=12), Doing.CHECK).text.endswith("Try again in 12 s")
    lost = sentence(OutcomeUnknown(Trouble.CUT), Doing.REFUND)
    assert (lost.title, lost.text) == (
        "We do not know if this refund went through",
        "Do not refund again. We keep checking",
    )


@pytest.mark.parametrize(
    ("trouble", "text"),
    [
        (Trouble.PROXY, "The proxy proxy.shop:3128 did not let the call through. Ask whoever manages the network"),
        (
            Trouble.PROXY_PASSWORD,
            "The proxy proxy.shop:3128 did not accept the name and password of this till. "
            "Ask whoever manages the network",
        ),
        (
            Trouble.PROXY_ABSENT,
            "The proxy proxy.shop:3128 cannot be reached. Check the network cable or Wi-Fi, "
            "or ask whoever manages the network",
        ),
        (
            Trouble.UNTRUSTED,
            "This computer does not know who vouches for the answer. If this network looks into connections, "
            "this till needs its certificate. Ask whoever manages the network",
        ),
    ],
)
def test_what_stands_in_the_way_is_named(trouble: Trouble, text: str) -> None:
    error = NotSent(trouble, details={"proxy": "proxy.shop:3128"})
    assert sentence(error, Doing.SIGN_IN).text == text
    assert sentence(error, Doing.CREATE).text == f"{text}. Nothing was created"


def test_a_refused_link_names_the_reasons_of_the_service_harmlessly() -> None:
    text = sentence(Refused(400, ("phone \u202eis wrong.", "email must be full")), Doing.CREATE).text
    assert text == (
        "The payment service did not accept this link: phone \\u202eis wrong, email must be full. Nothing was created"
    )


def test_a_held_back_address_names_its_host() -> None:
    text = sentence(UnsafeLink("host", "evil.example"), Doing.CREATE).text
    assert text.startswith("This link leads to evil.example. The payment service sent an address this till does not")


def test_a_profile_problem_names_file_and_place() -> None:
    text = sentence(ProfileProblem("sandbox.toml, environment 2: no token_url"), Doing.SIGN_IN).text
    assert "sandbox.toml, environment 2: no token_url" in text


@pytest.mark.parametrize("doing", Doing)
def test_what_nobody_expected_has_words_too(doing: Doing) -> None:
    words = sentence(ZeroDivisionError("division by zero"), doing)
    assert "division" not in words.text
    assert words.title == "Something unexpected happened"
