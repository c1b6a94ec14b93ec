"""Which parts of Qt, Python and the libraries the one-folder programs keep; their ``.spec`` files ask.

What a name cannot tell, the files themselves do: of the shared libraries only those stay that ``readelf -d`` reaches
from a kept file. Dropping them by name once broke the program, since QtNetwork cannot be loaded without Kerberos.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import PurePath
from typing import Final

from processes import output_of

Entry = tuple[str, str, str]
"""One file as PyInstaller lists it: where it goes, where it comes from, what kind it is."""

QT_MODULES: Final = {"QtCore", "QtDBus", "QtGui", "QtNetwork", "QtPrintSupport", "QtTest", "QtWidgets"}
"""What the program imports of PySide6; QtTest is the hand of the self-test."""

QT_PLUGINS: Final = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platforms": {"qcocoa", "qoffscreen", "qwayland", "qwindows", "qxcb"},
    "platformthemes": {"qxdgdesktopportal"},
    "printsupport": {"cocoaprintersupport", "cupsprintersupport", "windowsprintersupport"},
    "styles": {"qmacstyle", "qmodernwindowsstyle"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-shell-integration": {"qt-shell", "xdg-shell"},
}
"""Every plug-in that stays, by its folder. The GTK theme is left out: it brings GTK and forty libraries along."""

FROM_THE_SYSTEM: Final = {
    "libX11-xcb.so.1", "libX11.so.6", "libcups.so.2", "libdbus-1.so.3", "libfontconfig.so.1", "libfreetype.so.6",
    "libgcc_s.so.1", "libglib-2.0.so.0", "libgssapi_krb5.so.2", "libgthread-2.0.so.0", "libstdc++.so.6",
}  # fmt: skip
"""Libraries of every desktop that have to fit its services, drivers and settings; the .deb depends on them."""

KEYCHAINS: Final = {
    "linux": ["keyring.backends.SecretService", "keyring.backends.kwallet"],
    "darwin": ["keyring.backends.macOS"],
    "win32": ["keyring.backends.Windows"],
}
"""The keychains that the program loads by name."""

LEFT_OUT: Final = [
    "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "_multibytecodec",
    "_pyrepl", "curses", "dns", "idlelib", "lib2to3", "pdb", "pip", "pydoc", "pytest", "setuptools", "tkinter",
    "turtledemo", "unittest", "wheel",
    "phonenumbers.carrierdata", "phonenumbers.geodata", "phonenumbers.tzdata",
]  # fmt: skip
"""Modules that libraries name and this program never uses. Where phone numbers live is 40 MB."""

NOT_FOR_SERVERS: Final = [
    "PySide6", "httpcore", "httpx", "keyring", "phonenumbers", "qasync", "shiboken6", "zxingcpp",
    "optty_desktop.ui", "optty_desktop.till", "optty_desktop.journal", "optty_desktop.system", "optty_desktop.training",
]  # fmt: skip
"""What the till needs and the relay does not."""

ONLY_FOR_SERVERS: Final = ("optty_desktop.relay", "optty_desktop.relay_commands")
"""Modules that the till's program leaves out."""

ENGINES: Final = ("nats",)
"""Libraries of other stores for the relay, which go in where the lock names them."""

HOOKS_LEFT_OUT: Final = {"pyi_rth_inspect", "pyi_rth_multiprocessing", "pyi_rth_pkgutil"}
"""What PyInstaller would do at each start for programs that read their own source, start workers or list modules."""


def engines_there() -> list[str]:
    """Return the relay's optional libraries that are installed here."""
    return [name for name in ENGINES if find_spec(name) is not None]


def is_for_tills(module: str) -> bool:
    """Tell whether a module of this program goes into that of the till."""
    return not any(module == name or module.startswith(f"{name}.") for name in ONLY_FOR_SERVERS)


def kept_libraries(binaries: Iterable[Entry], needed: Callable[[str], Iterable[str]] | None) -> list[Entry]:
    """Return the modules and plug-ins that are wanted, with the libraries that they need to be loaded.

    ``needed`` names what a file needs; None where that cannot be read: then every library stays.
    """
    entries = list(binaries)
    if needed is None:
        return [entry for entry in entries if is_library(entry) or is_wanted(*entry)]
    sources = {PurePath(goes_to).name: source for goes_to, source, _kind in entries}
    waiting = [PurePath(entry[0]).name for entry in entries if not is_library(entry) and is_wanted(*entry)]
    kept: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in sources and name not in kept | FROM_THE_SYSTEM:
            kept.add(name)
            waiting += needed(sources[name])
    return [entry for entry in entries if PurePath(entry[0]).name in kept]


def is_library(entry: Entry) -> bool:
    """Tell whether this file is there only because others need it."""
    path, kind = PurePath(entry[0]), entry[2]
    return kind != "EXTENSION" and "plugins" not in path.parts and not path.name.startswith("libpython")


def is_wanted(goes_to: str, _source: str, kind: str) -> bool:
    """Tell whether the program uses this module or plug-in itself."""
    path = PurePath(goes_to)
    if "plugins" in path.parts:
        return plain_name(path) in QT_PLUGINS.get(path.parent.name, ())
    return kind != "EXTENSION" or path.parent.name != "PySide6" or plain_name(path) in QT_MODULES


def plain_name(path: PurePath) -> str:
    """Return the name of a library without what systems add to it: ``qxcb`` for ``libqxcb.so``."""
    return path.name.partition(".")[0].removeprefix("lib")


def kept_data(datas: Iterable[Entry], libraries: Iterable[Entry]) -> list[Entry]:
    """Return the files that stay, without Qt's translations, what pip noted down, and links that lead nowhere."""
    names = {PurePath(entry[0]).name for entry in libraries}
    return [entry for entry in datas if is_wanted_data(entry[0]) and (entry[2] != "SYMLINK" or _leads(entry, names))]


def is_wanted_data(goes_to: str) -> bool:
    """Tell whether the program reads this file. Of keyring's notes it needs the list of back ends."""
    path = PurePath(goes_to)
    if path.parts[0].endswith(".dist-info"):
        return path.parts[0].startswith("keyring-") and path.name in {"METADATA", "entry_points.txt"}
    return "translations" not in path.parts and path.name != "py.typed"


def _leads(link: Entry, names: set[str]) -> bool:
    return PurePath(link[1]).name in names


def needed_by(library: str) -> list[str]:
    """Return the libraries that ``readelf -d`` calls needed."""
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output_of(["readelf", "-d", library]))
