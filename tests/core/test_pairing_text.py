"""What people type to pair a till is read forgivingly where nothing can be mistaken, and refused everywhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.pairing_text import (
    NoCode,
    host_of,
    pairing_link,
    read_address,
    read_code,
    read_link,
    without_tls,
)
from optty_desktop.core.profile_rules import Rule, RuleBroken

CODE = "ABCD-EF01-JKM9"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "abcdef01jkm9",
        " abcd ef01 jkm9\n",
        "ABCD-EFOI-JKM9",
        "abcd–ef0l—jkm9",
        "A B C D E F 0 1 J K M 9",
        "ABCD\u00a0EF01\u200eJKM9",
        "ABCD-EF\u0660\u0661-JKM\u0669",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == CODE


@pytest.mark.parametrize("typed", ["", "ABCD-EF01-JKM", "ABCD-EF01-JKM99", "ABCD-EF01-JKMU", "ABCD-EF01-JKMé", "----"])
def test_what_is_no_code_is_not_shown_to_the_relay(typed: str) -> None:
    with pytest.raises(NoCode) as caught:
        read_code(typed)
    assert "ABCD" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://127.0.0.1:8787", "http://127.0.0.1:8787"),
        ("https://[::1]:8787", "http://[::1]:8787"),
        ("https://localhost", "http://localhost"),
        ("http://localhost", ""),
        ("https://relay.example.com", ""),
        ("https://localhost.example.com", ""),
    ],
)
def test_only_this_computer_may_be_spoken_to_without_tls(url: str, plain: str) -> None:
    assert without_tls(url) == plain


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://relay.example.com", "https://relay.example.com"),
        (" Relay.Example.com/ ", "https://relay.example.com"),
        ("relay.example.com:8443", "https://relay.example.com:8443"),
        ("https://10.0.0.5:8787", "https://10.0.0.5:8787"),
        ("http://127.0.0.1:8787/", "http://127.0.0.1:8787"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8787", "http://[::1]:8787"),
    ],
)
def test_an_address_is_taken_with_and_without_trimmings(typed: str, url: str) -> None:
    assert read_address(typed) == url


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("", Rule.ADDRESS),
        ("a b", Rule.ADDRESS),
        ("ftp://relay.example.com", Rule.ADDRESS),
        ("https://me@relay.example.com", Rule.ADDRESS),
        ("https://relay.example.com/h/corner/secret", Rule.ADDRESS),
        ("https://relay.example.com?x=1", Rule.ADDRESS),
        ("https://relay..example.com", Rule.ADDRESS),
        ("https://" + "a" * 300, Rule.ADDRESS),
        ("https://relay.example.com:0", Rule.ADDRESS),
        ("https://relay.example.com:65536", Rule.PORT),
        ("http://relay.example.com", Rule.HTTPS),
        ("http://127.0.0.1.example.com", Rule.HTTPS),
    ],
)
def test_any_other_address_is_refused_with_its_rule(typed: str, rule: Rule) -> None:
    with pytest.raises(RuleBroken) as caught:
        read_address(typed)
    assert caught.value.rule is rule


def test_a_link_brings_both() -> None:
    link = pairing_link("https://relay.example.com", CODE)
    assert link == "optty-relay:https://relay.example.com/?code=ABCD-EF01-JKM9"
    assert read_link(f" {link}\n") == ("https://relay.example.com", CODE)
    assert read_link(link.upper()) == ("https://relay.example.com", CODE), "some scanners type capitals only"
    assert host_of("https://relay.example.com:8443") == "relay.example.com"


def test_a_link_that_is_being_typed_is_none_until_it_is_whole() -> None:
    link = pairing_link("https://relay.example.com", CODE)
    whole = [length for length in range(len(link) + 1) if read_link(link[:length]) is not None]
    assert whole == [len(link)]


@pytest.mark.parametrize(
    "text",
    [
        "https://relay.example.com/?code=ABCD-EF01-JKM9",
        "optty-relay:http://relay.example.com/?code=ABCD-EF01-JKM9",
        "optty-relay:https://relay.example.com/x?code=ABCD-EF01-JKM9",
        "optty-relay:https://relay.example.com/?code=ABCD-EF01-JKM9&code=ABCD-EF01-JKM9",
        "optty-relay:https://relay.example.com/" + "?" * 500,
    ],
)
def test_what_only_looks_like_a_link_is_none(text: str) -> None:
    assert read_link(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_link(text)
    read_link(f"optty-relay:{text}")
    for read, error in ((read_code, NoCode), (read_address, RuleBroken)):
        try:
            once = read(text)
        except error:
            continue
        assert read(once) == once
