"""The bundle itself, built twice from the lock: the same bytes, everything accounted for, and it works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import notices
import pytest
import sign_manifest
from app_folder import NOTICES, SBOM, Builder, files_below
from facts import PROGRAM, SERVER

from tests.source_tree import ROOT
from tests.update_host import CERTIFICATES, KEY, Reply, UpdateHost, announcement, package_name

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what is looked at is the bundle for Linux"),
]

LOCK = ROOT / "packaging" / "requirements-bundle.txt"
NOT_FOR_SHOPS = ("pytest", "hypothesis", "coverage", "mypy", "tests/", "PyInstaller", "tkinter", "geodata")


@pytest.fixture(scope="module")
def builders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Builder]]:
    """Build twice, with nothing in common but the sources and the lock."""
    places = [tmp_path_factory.mktemp(name) for name in ("first", "a much longer second place")]
    made = [Builder(venv=place / "venv", work=place / "work", results=place / "dist") for place in places]
    for builder in made:
        builder.prepare(LOCK)
        builder.build()
    yield made
    for place in places:
        shutil.rmtree(place)


@pytest.fixture(scope="module")
def folder(builders: list[Builder]) -> Path:
    """The program of the first build."""
    return builders[0].folder


@pytest.fixture(scope="module")
def relays(builders: list[Builder]) -> list[Builder]:
    """The relay of servers, from the same two environments."""
    made = [replace(builder, program=SERVER, work=builder.work.with_name("relay")) for builder in builders]
    for builder in made:
        builder.build()
    return made


@pytest.mark.parametrize("program", ["builders", "relays"])
def test_the_same_sources_make_the_same_bytes(program: str, request: pytest.FixtureRequest) -> None:
    one, two = (builder.folder for builder in request.getfixturevalue(program))
    names = files_below(one)
    assert names == files_below(two)
    assert [name for name in names if (one / name).read_bytes() != (two / name).read_bytes()] == []


def test_every_file_belongs_to_one_component_of_the_bill(folder: Path) -> None:
    bill = json.loads((folder / SBOM).read_text(encoding="utf-8"))
    named = [file["name"] for component in bill["components"] for file in component.get("components", [])]
    there = [name for name in files_below(folder) if name != SBOM and not name.startswith(f"{NOTICES}/")]
    assert sorted(named) == there
    makers = {component["name"] for component in bill["components"]}
    assert {"cpython", "qt", "icu", "pyside6-essentials", "httpx", "certifi", "phonenumbers", PROGRAM} <= makers


def test_every_component_has_its_texts(folder: Path) -> None:
    bill = json.loads((folder / SBOM).read_text(encoding="utf-8"))
    folders = [path for path in (folder / NOTICES).iterdir() if path.is_dir()]
    assert len(folders) == len(bill["components"])
    assert all(any(path.iterdir()) for path in folders)


def test_nothing_is_inside_that_shops_have_no_use_for(folder: Path) -> None:
    names = [name for name in files_below(folder) if not name.startswith(f"{NOTICES}/")]
    assert [name for name in names for word in NOT_FOR_SHOPS if word in name] == []
    assert notices.gpl_only(names) == []
    assert "_internal/certifi/cacert.pem" in names


def test_a_till_carries_no_relay(builders: list[Builder]) -> None:
    assert [name for name in modules_of(builders[0]) if name.startswith("optty_desktop.relay.")] == []


def test_the_relay_is_a_server_and_nothing_else(relays: list[Builder]) -> None:
    folder = relays[0].folder
    assert [name for name in files_below(folder) if "PySide6" in name or "Qt" in name] == []
    rooms = {name.split(".")[1] for name in modules_of(relays[0]) if name.startswith("optty_desktop.")}
    assert {"relay", "api"} <= rooms
    assert not rooms & {"app", "cli", "journal", "shop", "system", "till", "training", "ui"}
    assert {path.name for path in (folder / "share").iterdir()} == {"optty-relay.service", "relay.toml"}
    assert "PySide6" not in (folder / NOTICES / "README.txt").read_text(encoding="utf-8")


def test_every_file_of_the_relay_belongs_to_one_component_of_its_bill(relays: list[Builder]) -> None:
    folder = relays[0].folder
    bill = json.loads((folder / SBOM).read_text(encoding="utf-8"))
    named = [file["name"] for component in bill["components"] for file in component.get("components", [])]
    there = [name for name in files_below(folder) if name != SBOM and not name.startswith(f"{NOTICES}/")]
    assert sorted(named) == there
    assert bill["metadata"]["component"]["name"] == SERVER.name


def modules_of(builder: Builder) -> list[str]:
    """Return the Python modules inside a program file."""
    contents = builder.work / "freeze" / Path(builder.program.spec).stem / "contents.json"
    return sorted(json.loads(contents.read_text(encoding="utf-8"))["modules"])


def test_it_does_its_main_job_with_a_qt_of_the_persons_own(builders: list[Builder], tmp_path: Path) -> None:
    folder = builders[1].folder
    library = folder / "_internal" / "PySide6" / "Qt" / "lib" / "libQt6Widgets.so.6"
    subprocess.run(["strip", "--remove-section=.comment", str(library)], check=True)  # noqa: S607
    run = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PATH": os.defpath}
    said = subprocess.run(
        [str(folder / PROGRAM), "self-test"], env=run, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert "steps held" in said.stdout


def test_the_packed_program_puts_an_announced_package_aside(folder: Path, tmp_path: Path) -> None:
    config = tmp_path / "config" / PROGRAM
    config.mkdir(parents=True)
    shutil.copy(CERTIFICATES / "authority.pem", config)
    (config / "network.toml").write_text('extra_ca = "authority.pem"\n', encoding="utf-8")
    run = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "PATH": os.defpath}
    with UpdateHost() as host:
        host.announce(announcement(tmp_path, content=b"a package"))
        host.lay(package_name("9.1.0"), Reply(b"a package"))
        key = sign_manifest.public_part(KEY)
        table = f'[updates]\nmode = "notice"\nmanifest_url = "{host.manifest_url}"\npublic_key = "{key}"\n'
        (config / "till.toml").write_text(table, encoding="utf-8")
        said = subprocess.run(
            [str(folder / PROGRAM), "update", "--stage"],
            env=run,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 0, said.stderr
    (staged,) = (tmp_path / ".local").rglob(package_name("9.1.0"))
    assert staged.read_bytes() == b"a package"


def test_the_change_log_goes_with_the_program(folder: Path) -> None:
    packed = folder / "_internal" / "optty_desktop" / "resources" / "CHANGELOG.md"
    assert packed.read_bytes() == (ROOT / "packaging" / "CHANGELOG.md").read_bytes()
