"""Text of strangers is shown so that it cannot hide or turn anything."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.ui.shown_text import harmless, safe_tooltip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Order 1050", "Order 1050"),
        ("gnp\u202efdp", "gnp\\u202efdp"),
        ("a\u200bb", "a\\u200bb"),
        ("one\ntwo\tthree", "one two three"),
        ("\u0637\u0644\u0628", "\u0637\u0644\u0628"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_what_turns_text_is_written_out(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text(max_size=80))
def test_nothing_unseen_is_left(text: str) -> None:
    for character in harmless(text):
        assert character in "\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cf", "Zl", "Zp"}


def test_long_text_is_cut() -> None:
    assert harmless("x" * 1000, 10) == "x" * 10 + "…"


def test_a_tooltip_holds_no_markup_of_a_stranger() -> None:
    assert "<b>" not in safe_tooltip("<b>bold</b>")
    assert "&lt;b&gt;" in safe_tooltip("<b>bold</b>")
