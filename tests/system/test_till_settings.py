"""The shop's own file: what it may say, and that a wrong one is told instead of guessed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.currencies import CURRENCIES
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.money import Money
from optty_desktop.system.shop_file import MAX_BYTES
from optty_desktop.system.till_settings import TillSettings, load_till_settings


def load(folder: Path, text: str) -> TillSettings:
    file = folder / "till.toml"
    file.write_text(text, encoding="utf-8")
    return load_till_settings(file)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_till_settings(tmp_path / "till.toml")
    assert settings == TillSettings()
    assert all(code in CURRENCIES for code in settings.currencies)
    assert load(tmp_path, "") == settings


def test_a_whole_file(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        'shop = " Corner Store "\nname = "Till 2"\noperator = "Sara"\n'
        'currencies = ["KWD", "USD", "KWD"]\nwarn_above = "1000.500"\n',
    )
    assert settings == TillSettings("Corner Store", "Till 2", "Sara", ("KWD", "USD"), Money(1_000_500, "KWD"))


@pytest.mark.parametrize(
    ("written", "minor"), [('"1000"', 100_000), ("1000", 100_000), ("1000.10", 100_010), ("0.07", 7)]
)
def test_an_amount_is_exact_however_it_is_written(tmp_path: Path, written: str, minor: int) -> None:
    assert load(tmp_path, f"warn_above = {written}").warn_above == Money(minor, "USD")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('shopp = "x"', "unknown key shopp"),
        ('shop = ""', "shop must be a text"),
        ('shop = "   "', "shop must be a text"),
        ("name = 7", "name must be a text"),
        ("name = 1.5", "name must be a text"),
        (f'operator = "{"x" * 41}"', "operator must be a text"),
        ('operator = "Sara\\u202e"', "operator must be a text"),
        ("currencies = []", "currencies must be a list"),
        ('currencies = "USD"', "currencies must be a list"),
        ('currencies = ["USD", "XXX"]', "currencies must be a list"),
        ('currencies = [["USD"]]', "currencies must be a list"),
        ('warn_above = "much"', "warn_above must be an amount in USD"),
        ('warn_above = "10.005"', "warn_above must be an amount in USD"),
        ("warn_above = 0", "warn_above must be an amount in USD"),
        ("warn_above = -5", "warn_above must be an amount in USD"),
        ("warn_above = true", "warn_above must be an amount in USD"),
        ("warn_above = nan", "warn_above must be an amount in USD"),
        ("warn_above = 1e3", "warn_above must be an amount in USD"),
        ("warn_above = 2026-01-01", "warn_above must be an amount in USD"),
        ("shop = ", "[Ii]nvalid value"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProfileProblem, match=said) as problem:
        load(tmp_path, text)
    assert str(problem.value).startswith("till.toml: ")


def test_a_file_that_is_not_text_or_too_large(tmp_path: Path) -> None:
    file = tmp_path / "till.toml"
    file.write_bytes(b'shop = "\xff"')
    with pytest.raises(ProfileProblem, match=r"^till\.toml: "):
        load_till_settings(file)
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ProfileProblem, match="larger than 64 KiB"):
        load_till_settings(file)


@pytest.mark.skipif(os.name != "posix", reason="a folder is no file here")
def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "till.toml").mkdir()
    with pytest.raises(ProfileProblem, match=r"^till.toml: cannot be read \("):
        load_till_settings(tmp_path / "till.toml")


@given(text=st.text(max_size=200))
def test_any_text_is_settings_or_a_named_problem(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any-till.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    said = ""
    try:
        load_till_settings(file)
    except ProfileProblem as problem:
        said = str(problem)
    assert not said or said.startswith("any-till.toml: ")
