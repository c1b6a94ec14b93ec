"""Who made each file of the bundle: a distribution of the lock, Qt, Python, or a package of the system."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import quote

from facts import PROGRAM, facts
from processes import ROOT, Stop, output_of

LICENCES = ROOT / "packaging" / "licences"
LGPL = (LICENCES / "LGPL-3.0.txt", LICENCES / "GPL-3.0.txt")
"""The LGPL is written as an addition to the GPL: one is incomplete without the other."""

LGPL_DISTRIBUTIONS = {"pyside6-essentials", "shiboken6"}
"""Their wheels hold no licence text."""


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that others made, in one version; ``purl`` is its package URL, ``texts`` its licence and notices."""

    name: str
    version: str
    purl: str
    licence: str
    texts: tuple[Path, ...]


class Origins:
    """Looks up components. ``site_packages`` is that of the environment the bundle was built in."""

    def __init__(self, site_packages: Path) -> None:
        """Read which distribution brought which file."""
        self._by_file: dict[Path, Component] = {}
        self._site_packages = site_packages.resolve()
        self._distributions = {plain(one.name): one for one in distributions(path=[str(site_packages)])}
        for one in self._distributions.values():
            made = component_of(one)
            for path in one.files or ():
                self._by_file[Path(str(one.locate_file(path))).resolve()] = made
        self._python = python()

    def distribution(self, name: str) -> Component:
        """Return the component of an installed distribution. Raises KeyError."""
        return component_of(self._distributions[plain(name)])

    def all_of(self, sources: Mapping[str, str]) -> dict[str, Component]:
        """Return the component of each file, by the same keys. Raises Stop when nobody is known to have made one."""
        return {name: self.of(Path(source)) for name, source in sources.items()}

    def of(self, source: Path) -> Component:
        """Return the component that this file comes from. Raises Stop when it cannot be found."""
        real = source.resolve()
        if real.is_relative_to(self._site_packages):
            return self._of_wheel(real)
        if is_of_python(real):
            return self._python
        if real.is_relative_to(ROOT):
            return own(real)
        return system_component(str(real))

    def _of_wheel(self, real: Path) -> Component:
        below = real.relative_to(self._site_packages).parts
        if below[:2] == ("PySide6", "Qt"):
            return self._icu(real) if real.name.startswith("libicu") else self._qt()
        if below[0] == "shiboken6":
            return self.distribution("shiboken6")
        found = self._by_file.get(real)
        if found is None:
            raise Stop(f"No distribution of the lock brought {'/'.join(below)}.")
        return found

    def _qt(self) -> Component:
        version = self._distributions["pyside6-essentials"].version
        return Component("qt", version, f"pkg:generic/qt@{version}", "LGPL-3.0-only", LGPL)

    def _icu(self, real: Path) -> Component:
        version = real.name.rpartition(".")[2]
        return Component("icu", version, f"pkg:generic/icu@{version}", "Unicode-DFS-2016", (LICENCES / "ICU.txt",))


def component_of(one: Distribution) -> Component:
    """Return a distribution as a component, with the licence texts that it brought."""
    name = plain(one.name)
    texts = LGPL if name in LGPL_DISTRIBUTIONS else tuple(licence_texts(one))
    return Component(name, one.version, f"pkg:pypi/{name}@{one.version}", licence_name(one), texts)


def licence_texts(one: Distribution) -> Iterable[Path]:
    """Yield a distribution's licences, notices, and lists of what is compiled into it."""
    wanted = re.compile(r"(?i)^(licen[cs]e|copying|notice|authors)|cyclonedx\.json$")
    for path in sorted(one.files or (), key=str):
        if ".dist-info" in path.parts[0] and wanted.search(path.name):
            yield Path(str(one.locate_file(path)))


def licence_name(one: Distribution) -> str:
    """Return how a distribution names its licence, in one line."""
    for field in ("License-Expression", "License"):
        for text in one.metadata.get_all(field, []):
            if "\n" not in text:
                return str(text)
    classifiers = [text for text in one.metadata.get_all("Classifier", []) if text.startswith("License ::")]
    return classifiers[0].rpartition(" :: ")[2] if classifiers else "see the text"


def plain(name: str) -> str:
    """Return the normalised name of a distribution."""
    return re.sub(r"[-_.]+", "-", name).lower()


def python() -> Component:
    """Return Python itself. Raises Stop when its licence text is not where its installers put it."""
    version = sys.version.split()[0]
    places = [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"]
    places.append(Path(f"/usr/share/doc/python{sys.version_info.major}.{sys.version_info.minor}/copyright"))
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise Stop("This Python brings no licence text, so nothing built with it may be handed on.")
    return Component("cpython", version, f"pkg:generic/cpython@{version}", "PSF-2.0", (found,))


def is_of_python(real: Path) -> bool:
    """Tell whether Python itself brought this file, or PyInstaller made it from Python's own modules."""
    stdlib = Path(sysconfig.get_path("stdlib")).resolve()
    return real.is_relative_to(stdlib) or real.name == "base_library.zip" or real.name.startswith("libpython")


def own(real: Path) -> Component:
    """Return the component of one of this repository's files: the program, or a font or icon set in it."""
    known = facts()
    folder = real.parent
    if folder == ROOT / "resources" / "fonts":
        return Component("inter", "4.001", "pkg:generic/inter@4.001", "OFL-1.1", (folder / "OFL.txt",))
    if folder == ROOT / "resources" / "icons" and real.stem != "app":
        return Component("lucide", "", "pkg:generic/lucide", "ISC", (folder / "LICENSE",))
    return Component(
        PROGRAM, known.version, f"pkg:generic/{PROGRAM}@{known.version}", known.licence, (ROOT / "LICENSE",)
    )


@cache
def system_component(real: str) -> Component:
    """Return the Debian package that brought this library. Raises Stop where there is none."""
    spellings = [real, real.removeprefix("/usr")]
    owners = (output_of(["dpkg", "-S", path]) for path in spellings)
    owner = next((text.partition(": ")[0].partition(":")[0] for text in owners if ": " in text), "")
    if not owner:
        raise Stop(f"No package of this system brought {real}; build where every library comes from a package.")
    version = output_of(["dpkg-query", "-W", "-f", "${Version}", owner])
    purl = f"pkg:deb/debian/{quote(owner)}@{quote(version, safe='')}"
    return Component(owner, version, purl, "see the text", (Path("/usr/share/doc", owner, "copyright"),))
