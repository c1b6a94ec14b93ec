"""The support file as text: whole, in one order, and plain about what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from optty_desktop.core.audit_chain import AuditFacts
from optty_desktop.core.diagnosis import (
    Diagnosis,
    Display,
    JournalFacts,
    PastCall,
    Screen,
    Unexpected,
    Versions,
)
from optty_desktop.core.diagnosis_text import report_of
from optty_desktop.core.network import Proxy, Trust, Way
from optty_desktop.core.policy import Policy
from tests.fakes import LIVE

NOON = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
VERSIONS = Versions("1.2.3", "3.11.7", "6.11.3", "3.45.1", "OpenSSL 3.0.19", "Linux-6.1-x86_64")
CALL = PastCall("5F20-C7A1", NOON, "POST", "api.optty.com", "/custom/hpp", 201, "", 120, 0)
LOST = replace(CALL, status=None, failure="outcome unknown: timeout (TimeoutError)", milliseconds=20003, ahead=None)
RECORD = JournalFacts(
    "live", 3 * 2**20, date(2026, 3, 21), "", 1, {"pending": 4, "paid": 12}, {"create done": 16}, 2, "restored"
)
WHOLE = Diagnosis(
    at=NOON,
    versions=VERSIONS,
    way=Way(Proxy("http://proxy.example.com:3128", user="till-2")),
    environments=(LIVE,),
    policy=Policy("/etc/xdg/optty-desktop/policy.toml", "5f5f"),
    journals=(RECORD,),
    calls=(CALL, LOST),
    unexpected=(Unexpected(NOON, "ValueError", "wire.py:88 amount"),),
    display=Display("xcb", (Screen(1366, 768, 1.0), Screen(1920, 1080, 1.5))),
    free_bytes=5 * 2**30,
    audit=AuditFacts(7, 3),
)
EMPTY = Diagnosis(NOON, replace(VERSIONS, qt=None), Way(trust=Trust.SYSTEM, extra_ca="shop-ca.pem"), None, None)

TEXT = """\
Optty Desktop support file
Made: 2026-03-21T12:00:00Z

Program
  Version: 1.2.3
  Python: 3.11.7
  Qt: 6.11.3
  SQLite: 3.45.1
  TLS: OpenSSL 3.0.19
  System: Linux-6.1-x86_64

Computer
  Free room: 5.0 GiB
  Window system: xcb
  Screen 1: 1366 x 768 at scale 1
  Screen 2: 1920 x 1080 at scale 1.5

Line
  Proxy: proxy.example.com:3128
  Certificates: bundled
  Clock: agrees with the clock of api.optty.com at 2026-03-21T12:00:00Z

Policy
  File: /etc/xdg/optty-desktop/policy.toml
  SHA-256: 5f5f

Environment live
  Name: Live
  Kind: live
  Hosts: 127.0.0.1 (calls), 127.0.0.1 (tokens)
  Hosts of links: 127.0.0.1
  Route for cancelling and refunding: known
  Refunds go through: link

Record of live
  Size: 3.0 MiB
  Newest backup: 2026-03-21
  Schema: 1
  Links: 12 paid, 4 pending
  Operations: 16 create done
  Open operations: 2
  Cancels and refunds wait: restored

Audit of the settings
  Entries: 7
  Chain: broken at entry 3

Last calls, newest last
  2026-03-21T12:00:00Z 5F20-C7A1 POST api.optty.com/custom/hpp: answered, status 201, 120 ms, clock +0 s
  2026-03-21T12:00:00Z 5F20-C7A1 POST api.optty.com/custom/hpp: outcome unknown: timeout (TimeoutError), status -, \
20003 ms, clock -

Unexpected failures, newest last
  2026-03-21T12:00:00Z ValueError at wire.py:88 amount
"""


def test_the_whole_report() -> None:
    assert report_of(WHOLE) == TEXT


def test_what_is_not_known_is_said() -> None:
    lines = [line.strip() for line in report_of(EMPTY).splitlines()]
    for line in (
        "Qt: unknown",
        "Free room: unknown",
        "Screens: unknown (no window)",
        "Proxy: none",
        "Certificates: system and a file of the shop",
        "Clock: unknown (no answer told its time)",
        "The file environments.toml is refused; the program says why when it starts",
        "The file policy.toml is refused; the program says why when it starts",
    ):
        assert line in lines
    assert lines.count("none") == 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(95, "95 s ahead of the clock of api.optty.com"), (-3600, "3600 s behind the clock of api.optty.com")],
)
def test_a_wrong_clock_is_told_by_the_last_answer_that_knew(seconds: int, words: str) -> None:
    calls = (replace(CALL, ahead=7), replace(CALL, ahead=seconds), LOST)
    assert f"Clock: {words}" in report_of(replace(WHOLE, calls=calls))


def test_a_record_that_cannot_be_read_shows_its_size_and_why() -> None:
    facts = JournalFacts("live", 2**19, None, "JournalInUse")
    text = report_of(replace(WHOLE, journals=(facts,)))
    assert "  Size: 0.5 MiB\n  Newest backup: none\n  Content: unknown (JournalInUse)\n\n" in text
