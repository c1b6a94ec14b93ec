"""Announcing a version: the key stays with its owner, and what is signed is what a till reads."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import sign_manifest

from optty_desktop.api.update_manifest import read_manifest
from optty_desktop.core.updates import UpdateRefused
from optty_desktop.system.update_settings import read_updates

NAMES = {
    "optty-desktop-1.2.3-linux-x86_64.deb": "linux-x86_64",
    "optty-desktop-1.2.3-linux-x86_64.tar.xz": "linux-x86_64",
    "optty-desktop-1.2.3-windows-setup.exe": "windows-amd64",
    "optty-desktop-1.2.3-macos-arm64.dmg": "macos-arm64",
}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key of the administrator."""
    file = tmp_path / "update-key.pem"
    assert sign_manifest.main(["new-key", str(file)]) == 0
    return file


@pytest.fixture
def packages(tmp_path: Path) -> list[str]:
    """Packages of one version for three systems."""
    for name in NAMES:
        (tmp_path / name).write_bytes(name.encode())
    return [str(tmp_path / name) for name in NAMES]


def public_key(file: Path) -> str:
    """What tills are told."""
    return sign_manifest.public_part(sign_manifest.load_key(file))


def test_the_key_is_for_its_owner_and_what_is_printed_goes_into_the_tills_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "update-key.pem"
    assert sign_manifest.main(["new-key", str(file)]) == 0
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    match = re.fullmatch(r'public_key = "(.+)"\n', capsys.readouterr().out)
    assert match is not None
    table = {"mode": "notice", "manifest_url": "https://shop.example/updates.json", "public_key": match[1]}
    assert read_updates(table).public_key == public_key(file)


def test_a_key_is_never_written_over(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = key.read_bytes()
    assert sign_manifest.main(["new-key", str(key)]) == 1
    assert key.read_bytes() == before
    assert "is there already" in capsys.readouterr().err


def test_a_till_reads_what_was_announced(
    key: Path, packages: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "updates.json"
    assert sign_manifest.main(["sign", *packages, "--key", str(key), "--output", str(output), "--days", "90"]) == 0
    manifest = read_manifest(output.read_bytes(), public_key(key))
    assert str(manifest.version) == "1.2.3"
    assert {one.file: one.platform for one in manifest.packages} == NAMES
    assert all(one.size == len(one.file) for one in manifest.packages)
    assert 89 <= (manifest.expires.date() - manifest.released).days <= 91
    assert "version 1.2.3" in capsys.readouterr().out
    assert sign_manifest.main(["check", str(output), "--public-key", public_key(key)]) == 0
    # A later one has a higher number by itself.
    assert manifest.sequence > 1_700_000_000


def test_another_key_is_told(key: Path, packages: list[str], tmp_path: Path) -> None:
    output = tmp_path / "updates.json"
    sign_manifest.main(["sign", *packages, "--key", str(key), "--output", str(output)])
    stranger = tmp_path / "stranger.pem"
    sign_manifest.main(["new-key", str(stranger)])
    with pytest.raises(UpdateRefused):
        read_manifest(output.read_bytes(), public_key(stranger))
    assert sign_manifest.main(["check", str(output), "--public-key", public_key(stranger)]) == 1


@pytest.mark.parametrize(
    "name", ["optty-relay-1.2.3-linux-x86_64.deb", "notes.txt", "optty-desktop-1.2.4-linux-x86_64.deb"]
)
def test_what_does_not_belong_together_is_not_announced(
    key: Path, packages: list[str], tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stray = tmp_path / name
    stray.write_bytes(b"x")
    output = tmp_path / "updates.json"
    assert sign_manifest.main(["sign", *packages, str(stray), "--key", str(key), "--output", str(output)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not output.exists()


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_said(tmp_path: Path, packages: list[str], content: bytes) -> None:
    file = tmp_path / "wrong.pem"
    file.write_bytes(content)
    assert sign_manifest.main(["sign", *packages, "--key", str(file), "--output", str(tmp_path / "u.json")]) == 1


@pytest.mark.parametrize("days", ["0", "-1", "401", "many", "1.5"])
def test_nothing_is_announced_for_ever(key: Path, packages: list[str], tmp_path: Path, days: str) -> None:
    output = str(tmp_path / "updates.json")
    with pytest.raises(SystemExit) as ended:
        sign_manifest.main(["sign", *packages, "--key", str(key), "--output", output, "--days", days])
    assert ended.value.code == 2


@pytest.mark.parametrize("sequence", [0, -1, 10_000_000_000, 2**53])
def test_no_number_is_signed_that_is_not_of_a_second_that_has_been(
    key: Path, packages: list[str], tmp_path: Path, sequence: int, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "updates.json"
    wanted = ["--output", str(output), f"--sequence={sequence}"]
    assert sign_manifest.main(["sign", *packages, "--key", str(key), *wanted]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not output.exists()
