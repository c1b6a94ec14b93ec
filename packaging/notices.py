"""The folder of licence texts and notices that goes with the program."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from origins import LICENCES, Component
from processes import Stop

GPL_ONLY = (
    "Charts", "DataVisualization", "Graphs", "HttpServer", "Lottie", "MqttWidgets", "Mqtt", "NetworkAuth", "Quick3D",
    "QuickTimeline", "ShaderTools", "VirtualKeyboard", "WaylandCompositor",
)  # fmt: skip
"""Modules of Qt that may not be handed on under the LGPL."""


def write_notices(components: Iterable[Component], folder: Path) -> None:
    """Write one folder a component, and what may be done with Qt. Raises Stop for a component without any text."""
    components = list(components)
    has_qt = any(component.name == "qt" for component in components)
    folder.mkdir(parents=True)
    shutil.copyfile(LICENCES / ("README.txt" if has_qt else "README-without-qt.txt"), folder / "README.txt")
    for component in components:
        texts = [text for text in component.texts if text.is_file()]
        if not texts:
            raise Stop(f"{component.name} {component.version} brings no licence text, so it cannot be handed on.")
        place = folder / "-".join(filter(None, (component.name, component.version.replace(":", "_"))))
        place.mkdir()
        for text in texts:
            shutil.copyfile(text, place / text.name)


def gpl_only(names: Iterable[str]) -> list[str]:
    """Return the files that belong to a module of Qt which is under the GPL only."""
    return [name for name in names if any(f"Qt6{module}" in name or f"Qt{module}." in name for module in GPL_ONLY)]
