"""Hosts a person may be asked to believe: how they read, and which are refused whoever asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optty_desktop.api.environments import LIVE, SANDBOX
from optty_desktop.core.host_names import HostFault, fault_of, readable_host


def punycode(text: str) -> str:
    """A host as a payment address would carry it."""
    labels = (label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in text.split("."))
    return ".".join(labels)


@pytest.mark.parametrize(
    "readable",
    [
        "pay.corner.example",
        "pay.b\u00fccher.example",
        "\u043f\u043b\u0430\u0442\u0451\u0436.\u043f\u0440\u0438\u043c\u0435\u0440.example",
        "\u304a\u652f\u6255\u3044.example",
        "\u0634\u062d\u0646.example",
    ],
)
def test_a_host_reads_as_it_was_meant(readable: str) -> None:
    assert readable_host(punycode(readable)) == readable
    assert fault_of(punycode(readable), LIVE, ()) is None


@pytest.mark.parametrize(
    "host",
    [
        "xn--.example",
        "xn--a.example",  # no letter of another script at all
        "xn--pay-.example",
        "xn--99999999999.example",
        punycode("pa\u200dy.example"),  # joiners are not seen
        punycode("pay\u202e.example"),
        punycode("p\u0430y\u0301.example").upper(),
        punycode("\uff50\uff41\uff59.example"),  # wide letters
        punycode("B\u00dcCHER.example"),
        punycode("pay\uff0eevil.example"),
        punycode("pay\u2044x.example"),  # a slash that is none
        punycode("x\u0663.example"),
    ],
)
def test_what_cannot_be_read_for_sure_is_refused(host: str) -> None:
    assert fault_of(host, LIVE, ()) in (HostFault.MIXED_SCRIPTS, HostFault.NAME)


@pytest.mark.parametrize(
    "mixed",
    [
        "p\u0430y.example",
        "optty.c\u043em.example",
        "g\u043e\u043egle.example",
        "pay\u03bb.example",
        "\u0430\u0440\u0440le.example",
    ],
)
def test_a_word_of_two_scripts_is_refused(mixed: str) -> None:
    assert not mixed.isascii()
    assert fault_of(punycode(mixed), LIVE, ()) is HostFault.MIXED_SCRIPTS


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "203.0.113.5", "pay", ".optty.com", "pay..example", "Pay.example", "pay.example.", ""],
)
def test_what_is_no_full_host_name_is_refused(host: str) -> None:
    assert fault_of(host, LIVE, ()) is HostFault.NAME


def test_a_host_of_the_test_system_never_serves_customers_who_pay() -> None:
    for host in ("pay.qa.optty.com", "qa.optty.com"):
        assert fault_of(host, LIVE, ()) is HostFault.TEST_SYSTEM
    assert fault_of("pay.qa.optty.com", SANDBOX, ()) is None
    assert fault_of(punycode("p\u00e4y.optty.com"), SANDBOX, ()) is HostFault.MIXED_SCRIPTS


def test_U4_a_host_stays_with_the_kind_that_has_it() -> None:
    sandbox = replace(SANDBOX, link_hosts=(".optty.com", "pay.test.example"))
    second = replace(LIVE, id="second", link_hosts=("pay.second.example",))
    assert fault_of("pay.test.example", LIVE, (sandbox, LIVE, second)) is HostFault.OTHER_KIND
    assert fault_of("pay.second.example", sandbox, (sandbox, LIVE, second)) is HostFault.OTHER_KIND
    assert fault_of("pay.second.example", LIVE, (sandbox, LIVE, second)) is None
