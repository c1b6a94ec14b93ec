"""The command for the proxy's password: from the keyboard into the keychain, and nowhere else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from optty_desktop.proxy_password import keep_proxy_password
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.paths import AppPaths
from tests.system.keychains import MODULE, Memory

ITEM = ("optty-desktop proxy", "till")


@pytest.fixture(autouse=True)
def _empty_keychain() -> Iterator[None]:
    Memory.items.clear()
    yield
    Memory.items.clear()


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    """Folders with a proxy that has a user."""
    paths = AppPaths.below(tmp_path)
    paths.config.mkdir()
    paths.network_file.write_text('[proxy]\naddress = "http://proxy.shop:3128"\nuser = "till"\n', encoding="utf-8")
    return paths


def run(paths: AppPaths, typed: str, monkeypatch: pytest.MonkeyPatch, chain: str = "Memory") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return keep_proxy_password(paths, OsKeychain([f"{MODULE}:{chain}"]))


def test_a_password_is_kept_replaced_and_erased(
    paths: AppPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for typed in ("canary one\n", "canary two\n"):
        assert run(paths, typed, monkeypatch) == 0
        assert Memory.items == {ITEM: typed.rstrip("\n")}
    assert run(paths, "\n", monkeypatch) == 0
    assert Memory.items == {}
    assert capsys.readouterr().out == "The password is kept.\n" * 2 + "The password is erased.\n"
    assert not [path for path in paths.config.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]


@pytest.mark.parametrize(
    ("text", "chain", "said"),
    [
        ('proxy = "none"', "Memory", "network.toml: proxy.user is missing"),
        ('[proxy]\naddress = "http://a:1"', "Memory", "network.toml: proxy.user is missing"),
        ("proxy = ", "Memory", "network.toml: "),
        ('[proxy]\naddress = "http://a:1"\nuser = "till"', "Locked", "the keychain reports PermissionError"),
        ('[proxy]\naddress = "http://a:1"\nuser = "till"', "NotHere", "no keychain works here"),
    ],
)
def test_what_prevents_it_is_said_in_one_sentence(
    paths: AppPaths,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    chain: str,
    said: str,
) -> None:
    paths.network_file.write_text(text, encoding="utf-8")
    assert run(paths, "canary\n", monkeypatch, chain) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"Nothing was changed: {said}")
    assert error.count("\n") == 1
    assert "canary" not in error
