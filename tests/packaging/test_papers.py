"""What goes with the bundle: licence texts, the bill of materials, and archives that are the same each time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tarfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import archives
import facts
import notices
import origins
import pytest
import sbom
from processes import Stop

from tests.source_tree import ROOT

LOCK = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8")
LOCKED = sorted(set(re.findall(r"^([a-z0-9][\w.-]*)==", LOCK, re.MULTILINE)))
TIME = 1_700_000_000


def component(name: str, *texts: Path) -> origins.Component:
    """A component as the lock would bring it."""
    return origins.Component(name, "1.0", f"pkg:pypi/{name}@1.0", "MIT", texts)


@pytest.mark.parametrize("name", LOCKED)
def test_every_distribution_has_its_licence_text(name: str) -> None:
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not for this system")
    made = origins.component_of(installed)
    assert made.texts, f"{name} brings no licence text: put one into packaging/licences"
    assert all(text.read_text(encoding="utf-8", errors="replace").strip() for text in made.texts)
    assert made.licence


def test_qt_comes_with_both_texts_of_its_licence() -> None:
    made = origins.component_of(distribution("PySide6-Essentials"))
    words = [text.read_text(encoding="utf-8") for text in made.texts]
    assert any("GNU LESSER GENERAL PUBLIC LICENSE" in text for text in words)
    assert any("GNU GENERAL PUBLIC LICENSE" in text and "TERMS AND CONDITIONS" in text for text in words)


def test_the_duties_towards_qt_are_met_in_words() -> None:
    words = " ".join((origins.LICENCES / "README.txt").read_text(encoding="utf-8").split())
    for duty in ("Lesser General Public License", "replace them", "exact sources", "reverse engineer", "three years"):
        assert duty in words


def test_notices_lie_in_a_folder_for_each_component(tmp_path: Path) -> None:
    text = tmp_path / "LICENSE"
    text.write_text("Permission is granted.", encoding="utf-8")
    notices.write_notices([component("httpx", text), component("h11", text)], tmp_path / "NOTICE")
    assert (tmp_path / "NOTICE" / "httpx-1.0" / "LICENSE").read_text(encoding="utf-8") == "Permission is granted."
    assert sorted(path.name for path in (tmp_path / "NOTICE").iterdir()) == ["README.txt", "h11-1.0", "httpx-1.0"]


def test_what_has_no_licence_text_is_not_handed_on(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"httpx 1\.0 brings no licence text"):
        notices.write_notices([component("httpx", tmp_path / "gone")], tmp_path / "NOTICE")


def test_the_bill_names_every_file_once_with_its_sum(tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(b"a")
    (tmp_path / "b.so").write_bytes(b"b")
    owners = {"b.so": component("httpx"), "a.so": component("httpx")}
    text = sbom.bill_of_materials(facts.facts(), tmp_path, owners, [component("h11")], TIME)
    whole = json.loads(text)
    assert (whole["bomFormat"], whole["specVersion"]) == ("CycloneDX", "1.6")
    assert whole["metadata"]["component"]["version"] == facts.facts().version
    assert [one["name"] for one in whole["components"]] == ["h11", "httpx"]
    files = [(file["name"], file["hashes"][0]["content"]) for file in whole["components"][1]["components"]]
    assert files == [("a.so", hashlib.sha256(b"a").hexdigest()), ("b.so", hashlib.sha256(b"b").hexdigest())]
    assert whole["dependencies"] == [{"ref": "optty-desktop", "dependsOn": ["pkg:pypi/h11@1.0", "pkg:pypi/httpx@1.0"]}]


def test_the_bill_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(b"a")
    one, two = (
        sbom.bill_of_materials(facts.facts(), tmp_path, {"a.so": component("x")}, others, TIME)
        for others in ([component("y"), component("z")], [component("z"), component("y")])
    )
    assert one == two


def tree(folder: Path, names: list[str], seconds: int) -> Path:
    """A small program folder, written in the order of ``names``."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
        path.chmod(0o700 if name == "run" else 0o640)
        os.utime(path, (seconds, seconds))
    (folder / "lib.so").symlink_to("inside/lib.so")
    return folder


@pytest.mark.skipif(os.name != "posix", reason="links and modes")
def test_an_archive_is_the_same_whenever_and_wherever_it_is_packed(tmp_path: Path) -> None:
    names = ["run", "inside/lib.so", "inside/b"]
    one = archives.tarball(tree(tmp_path / "one", names, 1), "app-1", tmp_path / "1.tar.xz", TIME)
    two = archives.tarball(tree(tmp_path / "two", names[::-1], 9), "app-1", tmp_path / "2.tar.xz", TIME)
    assert one.read_bytes() == two.read_bytes()
    with tarfile.open(one) as packed:
        entries = {entry.name: entry for entry in packed}
    assert list(entries) == [
        "app-1",
        "app-1/inside",
        "app-1/inside/b",
        "app-1/inside/lib.so",
        "app-1/lib.so",
        "app-1/run",
    ]
    assert {entry.mtime for entry in entries.values()} == {TIME}
    assert {entry.uid for entry in entries.values()} == {0}
    assert (entries["app-1/run"].mode, entries["app-1/inside/b"].mode) == (0o755, 0o644)
    assert entries["app-1/lib.so"].issym()


def test_the_time_of_the_sources_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(TIME))
    assert facts.source_time() == TIME
