"""What goes into the bundle and what stays out."""

from __future__ import annotations

import sys

import notices
import parts
import pytest

from optty_desktop.system.keychain import ALLOWED_BACKENDS
from tests.source_tree import package_sources

NEEDS = {
    "QtGui.abi3.so": ["libQt6Gui.so.6", "libc.so.6"],
    "libQt6Gui.so.6": ["libQt6Core.so.6", "libglib-2.0.so.0"],
    "libQt6Core.so.6": ["libicu.so.73"],
    "libqxcb.so": ["libxcb-cursor.so.0"],
    "libglib-2.0.so.0": ["libpcre2-8.so.0"],
}
QT = "PySide6/Qt"
FOUND = [
    ("PySide6/QtGui.abi3.so", "QtGui.abi3.so", "EXTENSION"),
    ("PySide6/QtQml.abi3.so", "QtQml.abi3.so", "EXTENSION"),
    ("python3.11/lib-dynload/_ssl.so", "_ssl.so", "EXTENSION"),
    (f"{QT}/lib/libQt6Core.so.6", "libQt6Core.so.6", "BINARY"),
    (f"{QT}/lib/libQt6Gui.so.6", "libQt6Gui.so.6", "BINARY"),
    (f"{QT}/lib/libQt6Qml.so.6", "libQt6Qml.so.6", "BINARY"),
    (f"{QT}/lib/libicu.so.73", "libicu.so.73", "BINARY"),
    (f"{QT}/plugins/platforms/libqxcb.so", "libqxcb.so", "BINARY"),
    (f"{QT}/plugins/platforms/libqvnc.so", "libqvnc.so", "BINARY"),
    (f"{QT}/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so", "libqtvirtualkeyboardplugin.so", "BINARY"),
    ("libxcb-cursor.so.0", "libxcb-cursor.so.0", "BINARY"),
    ("libglib-2.0.so.0", "libglib-2.0.so.0", "BINARY"),
    ("libpcre2-8.so.0", "libpcre2-8.so.0", "BINARY"),
    ("libpython3.11.so.1.0", "libpython3.11.so.1.0", "BINARY"),
]


def test_libraries_stay_that_something_wanted_reaches() -> None:
    kept = {source for _goes_to, source, _kind in parts.kept_libraries(FOUND, lambda name: NEEDS.get(name, []))}
    assert kept == {
        "QtGui.abi3.so", "_ssl.so", "libQt6Core.so.6", "libQt6Gui.so.6", "libicu.so.73", "libqxcb.so",
        "libxcb-cursor.so.0", "libpython3.11.so.1.0",
    }  # fmt: skip


def test_where_needs_cannot_be_read_only_what_is_not_wanted_goes() -> None:
    kept = {source for _goes_to, source, _kind in parts.kept_libraries(FOUND, None)}
    gone = {source for _goes_to, source, _kind in FOUND} - kept
    assert gone == {"QtQml.abi3.so", "libqvnc.so", "libqtvirtualkeyboardplugin.so"}


@pytest.mark.parametrize(
    ("goes_to", "leads_to", "kind", "stays"),
    [
        ("certifi/cacert.pem", "cacert.pem", "DATA", True),
        ("optty_desktop/resources/icons/app.svg", "app.svg", "DATA", True),
        ("keyring-25.7.0.dist-info/entry_points.txt", "entry_points.txt", "DATA", True),
        ("keyring-25.7.0.dist-info/RECORD", "RECORD", "DATA", False),
        ("click-8.5.1.dist-info/METADATA", "METADATA", "DATA", False),
        ("PySide6/Qt/translations/qtbase_de.qm", "qtbase_de.qm", "DATA", False),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK", True),
        ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK", False),
    ],
)
def test_files_stay_that_the_program_reads(goes_to: str, leads_to: str, kind: str, stays: bool) -> None:
    libraries = [("PySide6/Qt/lib/libQt6Core.so.6", "libQt6Core.so.6", "BINARY")]
    assert bool(parts.kept_data([(goes_to, leads_to, kind)], libraries)) is stays


def test_every_module_of_qt_that_the_program_imports_goes_in() -> None:
    used = {
        name.split(".")[1]
        for source in package_sources()
        for line in source.text.splitlines()
        for word in (line.split() or [""])[:2]
        if (name := word.rstrip(",")).startswith("PySide6.")
    }
    assert "QtWidgets" in used
    assert used <= parts.QT_MODULES


def test_every_keychain_that_the_program_knows_goes_in_somewhere() -> None:
    bundled = {module for modules in parts.KEYCHAINS.values() for module in modules}
    assert bundled == {name.partition(":")[0] for name in ALLOWED_BACKENDS}
    assert sys.platform in parts.KEYCHAINS


def test_what_only_servers_need_is_not_for_tills() -> None:
    assert not parts.is_for_tills("optty_desktop.relay_commands")
    assert not parts.is_for_tills("optty_desktop.relay.store")
    assert parts.is_for_tills("optty_desktop.relay_arguments")


def test_a_store_that_is_not_installed_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "ENGINES", ("json", "no_such_engine"))
    assert parts.engines_there() == ["json"]


def test_nothing_under_the_gpl_only_is_wanted() -> None:
    wanted = [f"lib{name}.so" for names in parts.QT_PLUGINS.values() for name in names]
    assert not notices.gpl_only([*wanted, *(f"{module}.abi3.so" for module in parts.QT_MODULES)])
    assert notices.gpl_only(["PySide6/Qt/lib/libQt6Charts.so.6", "PySide6/QtGraphs.abi3.so", "libQt6Core.so.6"]) == [
        "PySide6/Qt/lib/libQt6Charts.so.6",
        "PySide6/QtGraphs.abi3.so",
    ]
