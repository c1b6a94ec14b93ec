"""Codes say exactly the address, or there is no code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.ui import qr_code
from optty_desktop.ui.qr_code import ErrorLevel, QrProblem, bitmap, decoded, make_qr, modules_for

SHORT = "https://pay.example.com/l/7Q4M2XKD"
LONG = "https://pay.example.com/l/" + "a" * 180


def test_a_code_reads_as_its_address() -> None:
    code = make_qr(SHORT)
    assert code.text == SHORT
    assert code.error_level is ErrorLevel.M
    assert decoded(bitmap(code, 5), code.full_size * 5) == SHORT.encode()


@given(st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-._~/?=&", max_size=300))
def test_any_path_survives_and_the_size_is_known_beforehand(path: str) -> None:
    url = "https://pay.example.com/" + path
    code = make_qr(url)
    assert decoded(bitmap(code, 2), code.full_size * 2) == url.encode()
    assert code.size == modules_for(url)


def test_the_quiet_zone_is_four_white_modules() -> None:
    code = make_qr(SHORT)
    side = code.full_size * 3
    rows = [bitmap(code, 3)[start : start + side] for start in range(0, side * side, side)]
    white = b"\xff" * side
    assert rows[:12] == [white] * 12
    assert rows[-12:] == [white] * 12
    assert all(row[:12] == row[-12:] == b"\xff" * 12 for row in rows)
    assert rows[12] != white


def test_less_correction_only_when_the_code_would_not_fit() -> None:
    usual = make_qr(LONG)
    assert usual.error_level is ErrorLevel.M
    assert make_qr(LONG, at_most=usual.size).error_level is ErrorLevel.M
    smaller = make_qr(LONG, at_most=usual.size - 1)
    assert smaller.error_level is ErrorLevel.L
    assert smaller.size < usual.size


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example\\.pay.example.com/l/1",
        "https://evil.example\\@pay.example.com/l/1",
        "javascript://pay.example.com/%0aalert(1)",
        "https://user@pay.example.com/l/1",
        "https://pay。example.com/l/1",
        "https://pay.example.com:99999/l/1",
        "https://pay.example.com/" + "a" * 600,
        "pay.example.com/l/1",
        "",
    ],
)
def test_no_code_for_an_address_that_is_read_in_two_ways(url: str) -> None:
    with pytest.raises(QrProblem) as caught:
        make_qr(url)
    assert not url or url not in str(caught.value)


def test_a_practice_address_of_this_computer_is_fine() -> None:
    assert make_qr("http://127.0.0.1:8123/pay/T2-1").size == 29


def test_a_drawing_that_reads_differently_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_qr(SHORT.replace("7Q4M", "0000"))
    monkeypatch.setattr(qr_code, "bitmap", lambda _code, scale, draw=bitmap: draw(other, scale))
    with pytest.raises(QrProblem):
        make_qr(SHORT)
