"""Packages for Linux, Windows and macOS say of the program what the project says of it."""

from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import struct
import tarfile
import xml.etree.ElementTree as Xml
from pathlib import Path

import app_icons
import bare_root
import deb
import menu_entry
import pytest
import relay_service
import releases
import trial
from facts import PROGRAM, SERVER, TILL, Program, facts
from processes import Stop

from optty_desktop import __version__
from optty_desktop.relay.config_file import read_config
from tests.source_tree import PACKAGE, ROOT

PACKAGING = ROOT / "packaging"
KNOWN = facts()
LOADER_CACHE = """\
2 libs found in cache `/etc/ld.so.cache'
\tlibxcb.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libxcb.so.1
\tlibxcb.so.1 (libc6) => /lib/i386-linux-gnu/libxcb.so.1
"""


def test_the_version_is_that_of_the_program() -> None:
    assert KNOWN.version == __version__


def test_the_desktop_file_starts_the_program_under_the_name_that_its_windows_carry() -> None:
    entry = configparser.RawConfigParser(strict=True)
    entry.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their capitals
    entry.read(PACKAGING / "linux" / f"{PROGRAM}.desktop", encoding="utf-8")
    main = entry["Desktop Entry"]
    assert (main["Name"], main["Exec"], main["Icon"]) == (KNOWN.name, PROGRAM, PROGRAM)
    assert main["Comment"] == KNOWN.summary
    assert entry["Desktop Action training"]["Exec"] == f"{PROGRAM} --training"
    assert f'setDesktopFileName("{main["StartupWMClass"]}")' in (PACKAGE / "app.py").read_text(encoding="utf-8")


def test_the_description_for_software_centres_is_of_this_program() -> None:
    root = Xml.parse(PACKAGING / "linux" / f"{KNOWN.identifier}.metainfo.xml").getroot()  # noqa: S314  our own file
    told = {name: root.findtext(name) for name in ("id", "name", "summary", "project_license", "launchable")}
    assert told == {
        "id": KNOWN.identifier, "name": KNOWN.name, "summary": KNOWN.summary,
        "project_license": KNOWN.licence, "launchable": f"{PROGRAM}.desktop",
    }  # fmt: skip
    assert root.findtext("developer/name") == KNOWN.publisher


def test_the_menu_entry_brings_icons_in_every_size(tmp_path: Path) -> None:
    icons = tmp_path / "icons"
    icons.mkdir()
    for size in (16, 48):
        (icons / f"{size}.png").write_bytes(b"png")
    menu_entry.add_menu_entry(tmp_path / "share", icons)
    found = {path.relative_to(tmp_path / "share").as_posix() for path in (tmp_path / "share").rglob("*.*g")}
    assert found == {
        f"icons/hicolor/16x16/apps/{PROGRAM}.png",
        f"icons/hicolor/48x48/apps/{PROGRAM}.png",
        f"icons/hicolor/scalable/apps/{PROGRAM}.svg",
    }
    assert (tmp_path / "share" / "applications" / f"{PROGRAM}.desktop").is_file()


def test_the_windows_installer_is_for_this_program() -> None:
    text = (PACKAGING / "windows" / f"{PROGRAM}.iss").read_text(encoding="utf-8")
    defined = dict(re.findall(r'^#define (\w+) "(.*)"$', text, re.MULTILINE))
    assert defined == {"Name": KNOWN.name, "Publisher": KNOWN.publisher, "Program": PROGRAM}
    setup = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    assert setup["AppId"] == "{" + KNOWN.windows_app_id
    assert setup["AppVersion"] == "{#Version}"
    assert KNOWN.version not in text, "the version comes from the command line"
    assert (PACKAGING / "windows" / setup["LicenseFile"].replace("\\", "/")).is_file()


def test_removing_on_windows_leaves_the_persons_folders() -> None:
    text = (PACKAGING / "windows" / f"{PROGRAM}.iss").read_text(encoding="utf-8")
    rules = "\n".join(line for line in text.splitlines() if not line.startswith(";"))
    assert "UninstallDelete" not in rules
    assert not re.search(r"\{(user|local)?appdata", rules)


def test_on_windows_the_administrators_folder_is_theirs_before_a_policy_is_put_there() -> None:
    text = (PACKAGING / "windows" / f"{PROGRAM}.iss").read_text(encoding="utf-8")
    folder = "{commonappdata}\\{#Program}"
    (made,) = [line for line in text.splitlines() if line.startswith(f'Name: "{folder}"')]
    protecting = [line for line in text.splitlines() if line.startswith('Filename: "{sys}\\icacls.exe"')]
    assert all("Check: IsAdminInstallMode" in line for line in (made, *protecting)), "one person's install owns nothing"
    assert "uninsneveruninstall" in made
    steps = [re.sub(rf'.*Parameters: """{re.escape(folder)}"" (.*?)".*', r"\1", line) for line in protecting]
    administrators, system, staff = "*S-1-5-32-544", "*S-1-5-18", "*S-1-5-32-545"
    assert steps == [
        f"/setowner {administrators} /T /C /L /Q",
        "/reset /T /C /L /Q",
        f"/inheritance:r /grant:r {administrators}:(OI)(CI)F {system}:(OI)(CI)F {staff}:(OI)(CI)RX /L /Q",
    ]


def test_the_mac_lets_a_replaced_qt_be_loaded() -> None:
    allowed = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert allowed["com.apple.security.cs.disable-library-validation"] is True
    script = (PACKAGING / "macos" / "make_dmg.sh").read_text(encoding="utf-8")
    assert f'-volname "{KNOWN.name}"' in script


@pytest.mark.parametrize("program", [TILL, SERVER], ids=lambda program: program.name)
def test_the_spec_parses_and_makes_a_folder(program: Program) -> None:
    text = (PACKAGING / program.spec).read_text(encoding="utf-8")
    compile(text, program.spec, "exec")
    assert text.count("EXE(") == text.count("exclude_binaries=True")
    assert "COLLECT(" in text


def test_the_control_file_has_a_place_for_all_that_is_filled_in() -> None:
    text = (PACKAGING / "linux" / "control").read_text(encoding="utf-8")
    assert set(re.findall(r"\{(\w+)\}", text)) == {
        "version", "architecture", "publisher", "kibibytes", "depends", "recommends", "summary",
    }  # fmt: skip
    assert text.startswith(f"Package: {PROGRAM}\n")


def test_the_relays_package_makes_the_user_and_folders_of_its_unit(tmp_path: Path) -> None:
    share = tmp_path / "share"
    relay_service.add_service(share)
    relay_service.install_service(share, tmp_path / "tree")
    unit = (tmp_path / "tree/usr/lib/systemd/system/optty-relay.service").read_text(encoding="utf-8")
    steps = {step: (tmp_path / "tree/DEBIAN" / step).read_text(encoding="utf-8") for step in relay_service.STEPS}
    user = dict(re.findall(r"^(User|Group|StateDirectory)=(.+)$", unit, re.MULTILINE))
    assert user == dict.fromkeys(("User", "Group", "StateDirectory"), SERVER.name)
    assert f"-o {SERVER.name} -g {SERVER.name} /var/lib/{SERVER.name}\n" in steps["postinst"]
    assert "ConditionPathExists=/etc/optty-relay/relay.toml\n" in unit
    assert not any("rm -" in text or "userdel" in text for text in steps.values()), "what was stored stays"
    assert not share.exists()


def test_the_relays_first_file_works_once_it_has_a_secret() -> None:
    text = (PACKAGING / "linux" / relay_service.EXAMPLE).read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"merchant\.secrets .* openssl rand"):
        read_config(text.encode(), Path("/etc/optty-relay"))
    config = read_config(text.replace("…", "5f" * 32).encode(), Path("/etc/optty-relay"))
    assert config.data == Path("/var/lib/optty-relay")


@pytest.mark.parametrize("kind", ["control", "optty-relay.control"])
def test_a_control_file_ends_its_description_as_debian_wants_it(kind: str) -> None:
    lines = (PACKAGING / "linux" / kind).read_text(encoding="utf-8").partition("Description: ")[2].splitlines()
    assert all(line.startswith(" ") and len(line) <= 80 for line in lines[1:])


def test_the_place_that_the_loader_takes_first_counts() -> None:
    assert deb.loader_cache(LOADER_CACHE) == {"libxcb.so.1": "/lib/x86_64-linux-gnu/libxcb.so.1"}


def test_a_package_does_not_depend_on_what_is_not_there() -> None:
    with pytest.raises(Stop, match=re.escape("libgone.so.1")):
        deb.packages_of(["libgone.so.1"], {})


@pytest.mark.parametrize(("size", "verdict"), [(40 * 1024**2, "within"), (40 * 1024**2 + 1, "over")])
def test_sizes_are_held_against_their_goal(size: int, verdict: str) -> None:
    assert releases.size_line("app.tar.xz", size, 40) == f"app.tar.xz  40.0 MB  ≤ 40 MB  {verdict}"


def release(folder: Path, said: str) -> releases.Release:
    """An archive with a program that prints ``said``."""
    program = folder / "app-1" / PROGRAM
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$HOME: {said}"\n', encoding="utf-8")
    program.chmod(0o755)
    with tarfile.open(folder / "app.tar.xz", "w:xz") as packed:
        packed.add(program.parent, "app-1")
    return releases.Release(program.parent, folder / "app.tar.xz", None)


@pytest.mark.skipif(not shutil.which("sh"), reason="the pretend program is a shell script")
@pytest.mark.parametrize(("said", "code"), [("self-test: 9 steps held", 0), ("self-test: Paid did not come", 1)])
def test_without_a_bare_system_the_archive_is_tried_here_and_that_is_said(
    said: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "why_not", lambda: "only root may make one")
    assert trial.try_out(release(tmp_path, said), None) == code
    printed = capsys.readouterr()
    assert "Not tried on a bare system: only root may make one." in printed.out
    assert "Not tried: a computer without Python and Qt" in printed.out
    assert ("Paid did not come" in printed.err) is bool(code)


def test_a_person_without_rights_is_told_why_no_system_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare_root, "is_root", lambda: False)
    assert bare_root.why_not() == "only root may make one"


def test_the_icon_for_windows_says_where_each_picture_lies() -> None:
    whole = app_icons.ico({16: b"small", 256: b"larger"})
    kind, count = struct.unpack_from("<HH", whole, 2)
    assert (kind, count) == (1, 2)
    for entry, side, picture in ((0, 16, b"small"), (1, 0, b"larger")):
        length, place = struct.unpack_from("<II", whole, 6 + 16 * entry + 8)
        assert whole[6 + 16 * entry] == side
        assert whole[place : place + length] == picture


def test_the_icon_for_macs_says_how_long_each_picture_is() -> None:
    whole = app_icons.icns({b"ic07": b"small", b"ic08": b"larger"})
    assert whole[:4] == b"icns"
    assert struct.unpack(">I", whole[4:8]) == (len(whole),)
    assert whole[8:21] == b"ic07" + struct.pack(">I", 13) + b"small"
