"""The chain of the audit: whatever is changed in it is found, and the first bad entry is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.audit_chain import FIRST, AuditAction, AuditRow, Deed, Moment, first_broken, next_row
from tests.fakes import START
from tests.promises import Promise, Scaled

Change = Callable[[list[AuditRow], int, random.Random], int]
"""Changes the log at a place; returns the place of the first entry that is not as it was."""


def a_log(length: int) -> list[AuditRow]:
    """A log of a till."""
    rows: list[AuditRow] = []
    for number in range(length):
        deed = Deed(AuditAction.PROFILE_CHANGED, "Sara", {"name": f"Shop {number}"}, {"name": f"Shop {number + 1}"})
        moment = Moment(START + timedelta(seconds=number), 1000.0 + number, "5a5a")
        rows.append(next_row(rows[-1] if rows else None, deed, moment))
    return rows


def edited(rows: list[AuditRow], at: int, chance: random.Random) -> int:
    text = rows[at].text
    place = chance.randrange(len(text))
    other = chance.choice([one for one in '0123456789abcdef"{}:,' if one != text[place]])
    rows[at] = rows[at]._replace(text=text[:place] + other + text[place + 1 :])
    return at + 1


def edited_with_its_hash(rows: list[AuditRow], at: int, chance: random.Random) -> int:
    """Whoever knows how hashes are made changes an entry and its hash: the next one does not fit any more."""
    deed = Deed(AuditAction.PROFILE_CHANGED, "Nobody", after={"name": str(chance.random())})
    rows[at] = next_row(rows[at - 1] if at else None, deed, Moment(START, 1.0, "5a5a"))
    return at + 2


def deleted(rows: list[AuditRow], at: int, _chance: random.Random) -> int:
    del rows[at]
    return at + 1


def swapped(rows: list[AuditRow], at: int, _chance: random.Random) -> int:
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return at + 1


def doubled(rows: list[AuditRow], at: int, _chance: random.Random) -> int:
    rows.insert(at, rows[at])
    return at + 2


def numbered_anew_after_a_deletion(rows: list[AuditRow], at: int, _chance: random.Random) -> int:
    del rows[at]
    rows[at:] = [row._replace(sequence=row.sequence - 1) for row in rows[at:]]
    return at + 1


CHANGES: tuple[Change, ...] = (
    edited,
    edited_with_its_hash,
    deleted,
    swapped,
    doubled,
    numbered_anew_after_a_deletion,
)


def test_A6_whatever_is_changed_is_found_and_the_first_bad_entry_is_named(promise: Promise, scaled: Scaled) -> None:
    chance, whole = random.Random(6), a_log(scaled(200, 10_000))  # noqa: S311  the same cases each time
    assert first_broken(whole) is None
    cases, missed, worst = scaled(300, 500), [], 0.0
    for case in range(cases):
        rows, change = list(whole), CHANGES[case % len(CHANGES)]
        expected = change(rows, chance.randrange(len(rows) - 2), chance)
        begun = perf_counter()
        found = first_broken(rows)
        worst = max(worst, perf_counter() - begun)
        if found != expected:
            missed.append(f"{change.__name__}: {found} instead of {expected}")
    promise("A6", cases, missed, worst)


def test_a_tail_that_is_cut_off_is_not_seen() -> None:
    """What a chain alone cannot do; it is said so in the README."""
    assert first_broken(a_log(20)[:15]) is None


def test_an_empty_log_is_whole() -> None:
    assert first_broken([]) is None
    assert FIRST in a_log(1)[0].text


@given(actor=st.text(), word=st.text(), name=st.text())
def test_A8_no_word_can_look_like_another_entry(actor: str, word: str, name: str) -> None:
    row = next_row(
        None, Deed(AuditAction.PROFILE_CHANGED, actor, {name: word}, {word: name}), Moment(START, 1.0, actor)
    )
    assert row.text.isascii()
    assert row.text.isprintable()
    assert len(row.text.splitlines()) == 1
    assert first_broken([row]) is None


def test_A8_lines_and_signs_in_every_field_make_no_further_entry(promise: Promise) -> None:
    evil = ["\n", "\r\n", '","sequence":2,"', "\x1b[2K", "\u2028", "\x00", "}\n{", "\ud800"]
    wrong, begun = [], perf_counter()
    for text in evil:
        for deed in (
            Deed(AuditAction.STARTED, text),
            Deed(AuditAction.STARTED, before={text: "x"}),
            Deed(AuditAction.STARTED, after={"x": text}),
        ):
            row = next_row(None, deed, Moment(START, 1.0, "5a5a"))
            if len(row.text.splitlines()) != 1 or first_broken([row]) is not None or row.sequence != 1:
                wrong.append(row.text)
    promise("A8", 3 * len(evil), wrong, perf_counter() - begun)
