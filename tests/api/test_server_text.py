"""Text of a server is short and shows everything that is in it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.api.server_text import LONGEST_MESSAGE, shown_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("email must be an email", "email must be an email"),
        ("مبلغ €", "مبلغ €"),
        ("pay\u202egpj.exe", "pay\\u202egpj.exe"),
        ("a\u2066b\u200bc\ufeff", "a\\u2066b\\u200bc\\ufeff"),
        ("one\r\ntwo\x00", "one\\u000d\\u000atwo\\u0000"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_unseen_characters_are_written_out(text: str, shown: str) -> None:
    assert shown_text(text) == shown


def test_long_text_ends_with_a_mark() -> None:
    assert shown_text("x" * 10_000) == "x" * (LONGEST_MESSAGE - 1) + "…"
    assert shown_text("x" * LONGEST_MESSAGE) == "x" * LONGEST_MESSAGE
    assert len(shown_text("\u202e" * LONGEST_MESSAGE)) == LONGEST_MESSAGE


@given(st.text())
def test_nothing_unseen_is_left(text: str) -> None:
    shown = shown_text(text, 50)
    assert len(shown) <= 50
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in shown)
