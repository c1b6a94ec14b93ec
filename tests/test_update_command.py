"""``optty-desktop update``: what a shop's server announces is believed only when it is signed, new and whole."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sign_manifest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from optty_desktop import __version__
from optty_desktop.api.update_channel import HttpUpdateChannel
from optty_desktop.cli import main
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.newer_version import update_folder
from optty_desktop.system.announcement_numbers import AnnouncementNumbers
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.this_platform import package_ending, platform_name
from optty_desktop.system.till_settings import load_till_settings
from optty_desktop.till.look_for_update import LookForUpdate, StageUpdate
from optty_desktop.update_command import run_update
from tests.promises import Promise
from tests.update_host import (
    KEY,
    MANIFEST,
    OTHER_KEY,
    Reply,
    UpdateHost,
    altered,
    announcement,
    package_name,
    signed_text,
    trusting_transport,
)

PACKAGE = b"the package of a newer version" * 1000


class Till:
    """A till that looks at ``host``, and an administrator before it."""

    def __init__(self, host: UpdateHost, capsys: pytest.CaptureFixture[str]) -> None:
        self.host, self._capsys = host, capsys
        self.paths = AppPaths.of_this_person()
        self.paths.config.mkdir(parents=True)
        self.set_up()

    def set_up(self, mode: str = "notice", *, key: Ed25519PrivateKey = KEY, url: str = "") -> None:
        """Write the till's file."""
        lines = ["[updates]", f'mode = "{mode}"', f'manifest_url = "{url or self.host.manifest_url}"']
        lines.append(f'public_key = "{sign_manifest.public_part(key)}"')
        self.paths.till_file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def update(self, *, stage: bool = False) -> tuple[int, str]:
        """Run the command; return the exit code and everything it said."""
        code = run_update(stage=stage, paths=self.paths, transport=trusting_transport())
        said = self._capsys.readouterr()
        assert bool(said.err) is bool(code)
        assert bool(said.out) is not bool(code)
        return code, said.out + said.err

    def had(self, folder: Path, version: str, *, key: Ed25519PrivateKey = KEY) -> Path:
        """Put the package of a version aside, as this program did when it was an older one; return where it lies."""
        self.host.announce(announcement(folder, version, content=PACKAGE, key=key))
        self.host.lay(package_name(version), Reply(PACKAGE))
        self.set_up(key=key)
        asyncio.run(self._stage_from_the_first_version())
        self.set_up()
        return self.paths.update_folder / package_name(version)

    async def _stage_from_the_first_version(self) -> None:
        updates = load_till_settings(self.paths.till_file).updates
        assert updates is not None
        transport = trusting_transport()
        channel = HttpUpdateChannel(transport, updates)
        numbers = AnnouncementNumbers(self.paths.update_folder, updates)
        look = LookForUpdate(channel, numbers, SystemClock(), ReleaseNumber(0, 0, 0))
        await StageUpdate(look, channel, update_folder(self.paths, updates))(platform_name(), package_ending())
        await transport.close()

    def kept(self) -> list[str]:
        """The files in the folder of updates."""
        folder = self.paths.update_folder
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def announce(self, folder: Path, version: str = "9.1.0", *, sequence: int = 100) -> None:
        """Announce a version, and put its package beside that."""
        self.host.announce(announcement(folder, version, content=PACKAGE, sequence=sequence))
        self.host.lay(package_name(version), Reply(PACKAGE))


@pytest.fixture
def host() -> Iterator[UpdateHost]:
    with UpdateHost() as running:
        yield running


@pytest.fixture
def till(host: UpdateHost, capsys: pytest.CaptureFixture[str]) -> Till:
    return Till(host, capsys)


def test_a_newer_version_is_named_and_nothing_is_fetched(till: Till, tmp_path: Path) -> None:
    till.announce(tmp_path)
    code, said = till.update()
    assert code == 0
    assert said.startswith("Version 9.1.0 of ")
    assert till.host.asked == [MANIFEST]


@pytest.mark.parametrize("version", [__version__, "0.0.1"])
def test_the_same_and_an_older_version_are_not_offered(till: Till, tmp_path: Path, version: str) -> None:
    till.announce(tmp_path, version)
    assert till.update(stage=True) == (0, f"This is the newest version, {__version__}.\n")
    assert till.host.asked == [MANIFEST]


def test_a_package_is_put_aside_for_its_owner_only(till: Till, tmp_path: Path) -> None:
    till.announce(tmp_path)
    code, said = till.update(stage=True)
    package = till.paths.update_folder / package_name("9.1.0")
    assert code == 0
    assert package.read_bytes() == PACKAGE
    assert str(package) in said
    assert "It is not installed." in said
    assert f"The package of version {__version__} is not in this folder" in said
    if os.name == "posix":
        assert package.stat().st_mode & 0o777 == 0o600
        assert till.paths.update_folder.stat().st_mode & 0o777 == 0o700
    # It lies there already: it is checked again and not fetched again.
    till.host.asked.clear()
    assert till.update(stage=True)[0] == 0
    assert till.host.asked == [MANIFEST]


def with_announcements(*versions: str) -> list[str]:
    """What lies in the folder for the packages of these versions."""
    names = [package_name(version) for version in versions]
    return [*names, *(f"{name}.announcement" for name in names)]


def test_the_package_of_the_version_that_runs_stays_to_be_put_back(till: Till, tmp_path: Path) -> None:
    previous = till.had(tmp_path, __version__)
    till.announce(tmp_path, "9.0.0")
    till.update(stage=True)
    (till.paths.update_folder / "notes.txt").write_text("of the administrator", encoding="utf-8")
    till.announce(tmp_path)
    said = till.update(stage=True)[1]
    assert till.kept() == sorted([*with_announcements(__version__, "9.1.0"), "newest-sequence", "notes.txt"])
    assert str(previous) in said


UNVOUCHED = "is not in this folder: have it at hand"


@pytest.mark.parametrize("name", [package_name(__version__), f"optty-relay-{__version__}-linux-x86_64.deb"])
def test_a_package_that_the_till_did_not_fetch_is_not_named_and_not_touched(
    till: Till, tmp_path: Path, name: str
) -> None:
    till.paths.update_folder.mkdir(parents=True)
    (till.paths.update_folder / name).write_bytes(b"never signed")
    till.announce(tmp_path)
    said = till.update(stage=True)[1]
    assert UNVOUCHED in said
    assert name not in said
    assert (till.paths.update_folder / name).read_bytes() == b"never signed"


def test_a_package_is_not_put_back_when_it_is_not_what_was_signed(till: Till, tmp_path: Path) -> None:
    previous = till.had(tmp_path, __version__)
    previous.write_bytes(PACKAGE[::-1])
    till.announce(tmp_path)
    said = till.update(stage=True)[1]
    assert UNVOUCHED in said
    assert str(previous) not in said


def another_key(body: bytes) -> bytes:
    return altered(body, lambda _table: None, OTHER_KEY)


def another_platform(body: bytes) -> bytes:
    return altered(body, lambda table: table["packages"][0].update(platform="plan9-mips"))


def another_ending(body: bytes) -> bytes:
    file = f"optty-desktop-{__version__}-anything.zip"
    return altered(body, lambda table: table["packages"][0].update(file=file))


def another_version(body: bytes) -> bytes:
    def rename(table: dict[str, Any]) -> None:
        table["version"] = "0.0.1"
        table["packages"][0]["file"] = package_name("0.0.1")

    return altered(body, rename)


def nothing_at_all(_body: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("change", [another_key, another_platform, another_ending, another_version, nothing_at_all])
def test_what_lies_beside_a_package_is_believed_only_when_it_is_signed_and_of_that_package(
    till: Till, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    previous = till.had(tmp_path, __version__)
    beside = previous.with_name(f"{previous.name}.announcement")
    beside.write_bytes(change(beside.read_bytes()))
    till.announce(tmp_path)
    said = till.update(stage=True)[1]
    assert UNVOUCHED in said
    assert str(previous) not in said


def test_what_another_key_signed_is_not_put_back_and_stays(till: Till, tmp_path: Path) -> None:
    previous = till.had(tmp_path, __version__, key=OTHER_KEY)
    till.announce(tmp_path)
    assert UNVOUCHED in till.update(stage=True)[1]
    assert previous.read_bytes() == PACKAGE


def test_the_package_on_offer_may_have_been_announced_long_ago(till: Till, tmp_path: Path) -> None:
    previous = till.had(tmp_path, __version__)
    beside = previous.with_name(f"{previous.name}.announcement")
    expired = altered(beside.read_bytes(), lambda table: table.update(expires="2020-01-01T00:00:00Z"))
    beside.write_bytes(expired)
    till.announce(tmp_path)
    assert str(previous) in till.update(stage=True)[1]


def test_what_was_put_aside_and_then_changed_is_fetched_again(till: Till, tmp_path: Path) -> None:
    till.announce(tmp_path)
    till.update(stage=True)
    package = till.paths.update_folder / package_name("9.1.0")
    package.write_bytes(PACKAGE[::-1])
    assert till.update(stage=True)[0] == 0
    assert package.read_bytes() == PACKAGE


def test_switched_off_nobody_is_asked(till: Till, tmp_path: Path) -> None:
    till.announce(tmp_path)
    till.set_up("off")
    code, said = till.update()
    assert code == 1
    assert said == f"Looking for newer versions is not switched on: see [updates] in {till.paths.till_file}.\n"
    till.paths.till_file.unlink()
    assert main(["update", "--stage"]) == 1
    assert till.host.asked == []


def bad_manifests(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Announcements that nobody may believe, and a part of what is said of each."""
    good = announcement(folder)
    envelope = json.loads(good)
    text = envelope["manifest"]

    def resigned(**changes: Any) -> bytes:
        return altered(good, lambda table: table.update(changes))

    def repacked(**changes: Any) -> bytes:
        return altered(good, lambda table: table["packages"][0].update(changes))

    other = altered(good, lambda _table: None, OTHER_KEY)
    one_letter = json.dumps(envelope | {"manifest": text.replace("9.1.0", "9.2.0")}).encode()
    return {
        "another key": (other, "public_key"),
        "one letter changed": (one_letter, "public_key"),
        "signature of nothing": (json.dumps(envelope | {"signature": ""}).encode(), "public_key"),
        "signature that is no Base64": (json.dumps(envelope | {"signature": "%%%"}).encode(), "public_key"),
        "no signature": (json.dumps({"manifest": text}).encode(), "cannot be read"),
        "not JSON": (b"<html>Sign in to the Wi-Fi</html>", "cannot be read"),
        "a list": (b"[]", "cannot be read"),
        "a key twice": (b'{"manifest": "", "manifest": "", "signature": ""}', "cannot be read"),
        "signed, not JSON": (signed_text("hello"), "cannot be read"),
        "signed, empty": (signed_text("{}"), "cannot be read"),
        "expired": (announcement(folder, days=30, ago=timedelta(days=31)), "holds no longer"),
        "another program": (resigned(product="optty-relay"), "another program"),
        "words for a version": (resigned(version="9.1.0 <b>click here</b>"), "cannot be read"),
        "a version without an end": (resigned(version="9.1.0." + "0" * 60), "cannot be read"),
        "no number": (resigned(sequence="many"), "cannot be read"),
        "true for a number": (resigned(sequence=True), "cannot be read"),
        "an end without a zone": (resigned(expires="2099-01-01T00:00:00"), "cannot be read"),
        "a file on another host": (repacked(file="https://evil.example/optty-desktop-9.1.0-x.deb"), "cannot be read"),
        "a file in another folder": (repacked(file="../optty-desktop-9.1.0-linux.deb"), "cannot be read"),
        "a file of another version": (repacked(file="optty-desktop-0.0.1-linux-x86_64.deb"), "cannot be read"),
        "a sum that is none": (repacked(sha256="00"), "cannot be read"),
        "a size beyond all bounds": (repacked(size=2**40), "cannot be read"),
        "larger than an announcement": (good + b" " * 70_000, "too large"),
        "larger than any answer": (good + b" " * 1_100_000, "too large"),
    }


def test_nothing_is_believed_that_is_not_signed_new_and_whole(till: Till, tmp_path: Path, promise: Promise) -> None:
    taken = []
    cases = bad_manifests(tmp_path)
    for name, (body, part) in cases.items():
        till.host.announce(body)
        code, said = till.update(stage=True)
        if code != 1 or part not in said or said.count("\n") != 1 or till.kept():
            taken.append((name, code, said))
    assert set(till.host.asked) == {MANIFEST}, "no package is asked for on the word of a bad announcement"
    promise("X8", len(cases), taken, 0.0)


def test_an_old_announcement_shown_again_is_refused(till: Till, tmp_path: Path) -> None:
    old = announcement(tmp_path, "9.1.0", sequence=100)
    till.host.announce(announcement(tmp_path, "9.2.0", sequence=101))
    assert till.update()[0] == 0
    till.host.announce(old)
    code, said = till.update(stage=True)
    assert code == 1
    assert "older than one this till has seen" in said
    # One that withdraws a version is newer, whatever version it names.
    till.host.announce(announcement(tmp_path, "9.1.0", sequence=102))
    assert till.update()[1].startswith("Version 9.1.0")


def test_a_new_key_counts_from_its_own_first_number(till: Till, tmp_path: Path) -> None:
    till.announce(tmp_path, sequence=1_700_000_000)
    assert till.update()[0] == 0
    till.set_up(key=OTHER_KEY)
    till.host.announce(announcement(tmp_path, "9.2.0", key=OTHER_KEY, sequence=100))
    assert till.update()[1].startswith("Version 9.2.0")
    till.host.announce(announcement(tmp_path, "9.2.0", key=OTHER_KEY, sequence=99))
    assert "older than one this till has seen" in till.update()[1]


def test_another_address_counts_from_its_own_first_number(till: Till, tmp_path: Path) -> None:
    till.announce(tmp_path, sequence=100)
    assert till.update()[0] == 0
    elsewhere = "/trial/updates.json"
    till.set_up(url=till.host.manifest_url.replace(MANIFEST, elsewhere))
    till.host.replies[elsewhere] = Reply(announcement(tmp_path, "9.2.0", sequence=99))
    assert till.update()[1].startswith("Version 9.2.0")


@pytest.mark.parametrize("days", [2, 40_000])
def test_a_number_nobody_can_have_signed_yet_is_refused_and_not_remembered(
    till: Till, tmp_path: Path, days: int
) -> None:
    later = int((datetime.now(UTC) + timedelta(days=days)).timestamp())
    body = announcement(tmp_path)
    till.host.announce(altered(body, lambda table: table.update(sequence=later)))
    code, said = till.update(stage=True)
    assert (code, "date of this computer" in said, said.count("\n")) == (1, True, 1)
    assert till.kept() == []
    till.host.announce(body)
    assert till.update()[0] == 0


@pytest.mark.parametrize("content", [b"", b"many", b"-5", b"9" * 100, b"\xff", b"101", b"101 ", b"101 abc"])
def test_a_broken_memory_of_announcements_counts_as_none(till: Till, tmp_path: Path, content: bytes) -> None:
    till.paths.update_folder.mkdir(parents=True)
    (till.paths.update_folder / "newest-sequence").write_bytes(content)
    till.announce(tmp_path)
    assert till.update()[0] == 0
    till.host.announce(announcement(tmp_path, sequence=99))
    assert till.update()[0] == 1, "it remembers again"


BAD_PACKAGES = {
    "one byte changed": (Reply(PACKAGE[:-1] + b"?"), "not the one announced"),
    "shorter": (Reply(PACKAGE[:-1]), "another size"),
    "longer": (Reply(PACKAGE + b"?"), "another size"),
    "cut on its way": (Reply(PACKAGE[:-1], announced=len(PACKAGE)), "did not give what was asked for"),
    "gone": (Reply(b"", 404), "no such file"),
    "somewhere else": (Reply(b"", 302, {"Location": "https://evil.example/x"}), "no such file"),
    "packed": (Reply(PACKAGE, headers={"Content-Encoding": "gzip"}), "did not give what was asked for"),
}


@pytest.mark.parametrize("name", BAD_PACKAGES)
def test_nothing_of_a_wrong_package_is_kept(till: Till, tmp_path: Path, name: str) -> None:
    reply, part = BAD_PACKAGES[name]
    till.announce(tmp_path)
    till.host.lay(package_name("9.1.0"), reply)
    code, said = till.update(stage=True)
    assert code == 1
    assert part in said
    assert said.count("\n") == 1
    assert till.kept() == ["newest-sequence"]


def test_a_package_for_other_computers_is_none_for_this(till: Till, tmp_path: Path) -> None:
    body = announcement(tmp_path)
    till.host.announce(altered(body, lambda table: table["packages"][0].update(platform="plan9-mips")))
    code, said = till.update(stage=True)
    assert (code, "no package for this computer" in said) == (1, True)


@pytest.mark.parametrize("certificate", ["other_host.pem", "expired.pem", "self_signed.pem"])
def test_a_server_that_cannot_show_who_it_is_is_not_listened_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], certificate: str
) -> None:
    with UpdateHost(certificate) as host:
        till = Till(host, capsys)
        till.announce(tmp_path)
        code, said = till.update(stage=True)
    assert (code, "did not give what was asked for" in said) == (1, True)
    assert host.asked == []


def test_a_redirect_of_the_announcement_leads_nowhere(till: Till) -> None:
    till.host.replies[MANIFEST] = Reply(b"", 302, {"Location": "https://evil.example/updates.json"})
    code, said = till.update()
    assert (code, "no such file" in said) == (1, True)


def test_a_folder_that_cannot_be_written_is_said_in_words(till: Till, tmp_path: Path) -> None:
    till.announce(tmp_path)
    till.paths.data.mkdir(parents=True)
    till.paths.update_folder.write_text("in the way", encoding="utf-8")
    code, said = till.update(stage=True)
    assert code == 1
    assert said.startswith(f"The package cannot be kept in {till.paths.update_folder}")
