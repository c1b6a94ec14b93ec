"""Which addresses may reach a customer."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from optty_desktop.api.environments import LIVE, SANDBOX, training_environment
from optty_desktop.api.link_check import LONGEST_LINK, LinkFault, check_link
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import UnsafeLink

TRAINING = training_environment("http://127.0.0.1:8123")
WHITE_LABEL = replace(LIVE, link_hosts=(".optty.com", "pay.corner-store.example"))

GOOD = [
    "https://pay.optty.com/abc",
    "https://optty.com/",
    "https://optty.com",
    "https://upp.optty.com/get-paid/6f1a?x=1&y=2",
    "https://a-b.c.optty.com/p/INV-2025-0001",
    "https://pay.optty.com/?token=abc%20def%C3%A9",
    "https://pay.optty.com/~user/(1)/a;b=c,d!e'f*g+h",
    "https://pay.optty.com/a@b:c",
    "https://pay.optty.com/" + "a" * (LONGEST_LINK - 22),
]

HOSTILE = [
    # other schemes
    *(f"{scheme}:pay.optty.com" for scheme in ("javascript", "data", "mailto", "tel", "about", "blob", "intent")),
    *(f"{scheme}://pay.optty.com/" for scheme in ("http", "ftp", "file", "ws", "wss", "javascript", "gopher", "smb")),
    "HTTPS://pay.optty.com/",
    "Https://pay.optty.com/",
    "javascript://pay.optty.com/%0aalert(1)",
    "data:text/html,https://pay.optty.com/",
    "view-source:https://pay.optty.com/",
    "//pay.optty.com/",
    "///pay.optty.com/",
    "pay.optty.com/abc",
    "https:pay.optty.com",
    "https:/pay.optty.com/",
    "https:///pay.optty.com/",
    "https:////pay.optty.com/",
    "https:\\\\pay.optty.com/",
    # another host
    "https://evil.example/",
    "https://evil.example/https://pay.optty.com/",
    "https://evil.example/?u=https://pay.optty.com/",
    "https://evil.example/pay.optty.com",
    "https://pay.optty.com.evil.example/",
    "https://pay-optty.com/",
    "https://evil-optty.com/",
    "https://evoptty.com/",
    "https://optty.com.co/",
    "https://optty.co/",
    "https://optty.community/",
    "https://pay.optty.comm/",
    "https://pay.optty/",
    "https://payoptty.com/",
    "https://com/",
    "https://.com/",
    "https://xn--opty-4tb.com/",
    "https://xn--pay-8cd.optty.com/",
    # users and ports
    "https://pay.optty.com@evil.example/",
    "https://pay.optty.com:pw@evil.example/",
    "https://user@pay.optty.com/",
    "https://user:pw@pay.optty.com/",
    "https://@pay.optty.com/",
    "https://:@pay.optty.com/",
    "https://pay.optty.com:443/",
    "https://pay.optty.com:8443/",
    "https://pay.optty.com:/",
    "https://pay.optty.com:443@evil.example/",
    "https://pay.optty.com%40evil.example/",
    "https://pay.optty.com%2fevil.example/",
    "https://pay.optty.com%00.evil.example/",
    # backslashes
    "https://evil.example\\.pay.optty.com/",
    "https://evil.example\\@pay.optty.com/",
    "https://evil.example\\/pay.optty.com/",
    "https://pay.optty.com\\evil",
    "https://pay.optty.com/\\evil.example",
    "https://pay.optty.com\\.evil.example/",
    "https://pay.optty.com/%5cevil.example",
    "https://pay.optty.com/%5C%5Cevil.example",
    # fragments
    "https://pay.optty.com/#x",
    "https://pay.optty.com#x",
    "https://evil.example#.optty.com/",
    "https://evil.example#@pay.optty.com/",
    "https://evil.example?.optty.com/",
    "https://evil.example?@pay.optty.com/",
    # characters
    "https://pay.optty.com/ ",
    " https://pay.optty.com/",
    "https://pay.optty.com/\n",
    "\nhttps://pay.optty.com/",
    "https://pay.optty.com/\r\nSet-Cookie: a=b",
    "https://pay.optty.com/\t",
    "https://pay.op\ntty.com/",
    "https://pay.optty.com\t.evil.example/",
    "ht\ntps://pay.optty.com/",
    "https://pay.optty.com/\x00",
    "https://pay.optty.com\x00.evil.example/",
    "https://pay.optty.com/a b",
    "https://pay.optty.com/<script>",
    'https://pay.optty.com/"onclick',
    "https://pay.optty.com/`x`",
    "https://pay.optty.com/{x}",
    "https://pay.optty.com/|x",
    "https://pay.optty.com/^x",
    "https://pay.optty.com/[x]",
    "https://pay.optty.com/é",
    "https://pay.optty.com/\u202egpj",
    "https://pay.optty.com/\u200b",
    "https://pay.optty.com/\u2028",
    "https://p\u0430y.optty.com/",
    "https://pay.\u043eptty.com/",
    "https://pay\u3002optty\u3002com/",
    "https://pay\uff0eoptty\uff0ecom/",
    "https://evil.example\uff0fpay.optty.com/",
    "https://evil.example\u2044.optty.com/",
    "https://evil.example\uff03.optty.com/",
    "https://evil.example\uff20pay.optty.com/",
    "https://\uff50ay.optty.com/",
    "https://pay.optty.\u212aom/",
    "https://pay.\u00adoptty.com/",
    "https://\ufeffpay.optty.com/",
    "https://PAY.optty.com/",
    "https://pay.OPTTY.com/",
    "https://pay_x.optty.com/",
    "https://*.optty.com/",
    # escapes
    "https://pay.optty.com/%",
    "https://pay.optty.com/%2",
    "https://pay.optty.com/%zz",
    "https://pay.optty.com/%00",
    "https://pay.optty.com/%0d%0aX:1",
    "https://pay.optty.com/%0A",
    "https://pay.optty.com/%1b",
    "https://pay.optty.com/%7f",
    "https://%70ay.optty.com/",
    "https://pay%2eoptty%2ecom/",
    # dots
    "https://pay..optty.com/",
    "https://.optty.com/",
    "https://..optty.com/",
    "https://pay.optty.com./",
    "https://pay.optty.com../",
    "https://-pay.optty.com/",
    "https://pay-.optty.com/",
    "https://" + "a" * 64 + ".optty.com/",
    "https://pay.optty.com/../admin",
    "https://pay.optty.com/a/./b",
    "https://pay.optty.com/a/..",
    "https://pay.optty.com/%2e%2e/admin",
    "https://pay.optty.com/a%2f..%2fb",
    "https://pay.optty.com/.%2E/",
    # numbers as hosts
    "https://127.0.0.1/",
    "https://127.0.0.1:443/",
    "http://127.0.0.1:8123/pay/a",
    "https://localhost/",
    "http://localhost:8123/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0/",
    "https://10.0.0.1/",
    # shape
    "",
    "https://",
    "https",
    "https://?",
    "https://pay.optty.com/" + "a" * LONGEST_LINK,
    "https://pay.optty.com;evil.example/",
    "https://pay.optty.com,evil.example/",
    "https://pay.optty.com&evil.example/",
    "https://pay.optty.com=evil.example/",
    "https://pay.optty.com?x=1",
    "<https://pay.optty.com/>",
    "https://pay.optty.com/ https://evil.example/",
]


def test_the_corpus_is_large_enough() -> None:
    assert len(set(HOSTILE)) >= 120


@pytest.mark.parametrize("text", GOOD)
def test_true_addresses_come_through_unchanged(text: str) -> None:
    for environment in (LIVE, SANDBOX, WHITE_LABEL):
        assert check_link(text, environment) == text


@pytest.mark.parametrize("environment", [LIVE, SANDBOX, WHITE_LABEL], ids=["live", "sandbox", "white-label"])
def test_no_hostile_address_comes_through(environment: Environment) -> None:
    taken = []
    for text in HOSTILE:
        with contextlib.suppress(UnsafeLink):
            taken.append(check_link(text, environment))
    assert not taken


def test_a_listed_host_is_taken_exactly() -> None:
    assert check_link("https://pay.corner-store.example/x", WHITE_LABEL)
    for host in ("x.pay.corner-store.example", "corner-store.example", "pay.corner-store.example.evil.example"):
        with pytest.raises(UnsafeLink) as caught:
            check_link(f"https://{host}/x", WHITE_LABEL)
        assert (caught.value.reason, caught.value.host) == (LinkFault.HOST, host)


def test_a_listed_host_of_another_script_is_taken_in_its_ascii_form() -> None:
    shop = replace(LIVE, link_hosts=("pay.xn--bcher-kva.example",))
    assert check_link("https://pay.xn--bcher-kva.example/x", shop)


def test_links_of_the_test_system_never_reach_paying_customers() -> None:
    assert check_link("https://pay.qa.optty.com/x", SANDBOX)
    for host in ("pay.qa.optty.com", "qa.optty.com"):
        with pytest.raises(UnsafeLink):
            check_link(f"https://{host}/x", LIVE)


def test_without_optty_in_the_list_its_hosts_are_strangers() -> None:
    with pytest.raises(UnsafeLink):
        check_link("https://pay.optty.com/x", replace(LIVE, link_hosts=("pay.corner-store.example",)))


def test_only_a_host_fault_names_a_host() -> None:
    with pytest.raises(UnsafeLink) as caught:
        check_link("https://user@evil.example/", LIVE)
    assert (caught.value.reason, caught.value.host) == (LinkFault.SHAPE, None)
    with pytest.raises(UnsafeLink) as caught:
        check_link("https://pay.optty.com/" + "a" * 600, LIVE)
    assert caught.value.reason == LinkFault.TOO_LONG


def test_training_links_stay_on_this_computer() -> None:
    assert check_link("http://127.0.0.1:8123/pay/abc", TRAINING)
    strangers = [
        "http://localhost:8123/pay/abc",
        "http://127.0.0.1/pay/abc",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:8123@evil.example/",
        "http://127.0.0.1:8123#x",
        "http://127.0.0.2:8123/",
        "https://pay.optty.com/x",
        "http://evil.example:8123/",
    ]
    for text in strangers:
        with pytest.raises(UnsafeLink):
            check_link(text, TRAINING)


def test_parsers_that_disagree_settle_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class OtherReading(httpx.URL):
        @property
        def raw_host(self) -> bytes:
            return b"evil.example"

    monkeypatch.setattr(httpx, "URL", OtherReading)
    with pytest.raises(UnsafeLink) as caught:
        check_link("https://pay.optty.com/x", LIVE)
    assert caught.value.reason == LinkFault.PARSERS


PIECES = st.sampled_from(
    [
        *"htps:/\\@#?.%-_ \n\t\0\u3002\uff0f\u0430\u202e",
        "https://",
        "pay",
        ".optty",
        ".com",
        "optty.com",
        "evil.example",
    ]
)


ANY_TEXT = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)
BEGUN_WELL = ANY_TEXT.map(lambda text: f"https://{text}")


@settings(max_examples=50)
@given(ANY_TEXT | BEGUN_WELL)
@example("https://evil.example\\.optty.com/")
def test_whatever_comes_through_has_a_listed_host_for_every_reader(text: str) -> None:
    check_reading(text)


def check_reading(text: str) -> None:
    try:
        check_link(text, LIVE)
    except UnsafeLink:
        return
    assert text.isascii()
    assert text.isprintable()
    host = urlsplit(text).hostname
    assert host == httpx.URL(text).host
    assert host is not None
    assert f".{host}".endswith(".optty.com")
    assert not set("\\@#") & set(text.partition("/")[2].partition("/")[2].partition("/")[0])
