"""The list of what is inside, as CycloneDX 1.6: every component, and every file under the one it comes from."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from facts import PROGRAM, Facts
from origins import Component

SPEC_VERSION = "1.6"


def bill_of_materials(
    facts: Facts,
    folder: Path,
    owners: Mapping[str, Component],
    others: Iterable[Component],
    time: int,
    *,
    name: str = PROGRAM,
) -> str:
    """Return the list for the program ``name`` as JSON, the same for the same files.

    ``owners`` says whose each file below ``folder`` is; ``others`` are components without a file of their own, such
    as modules inside the program file. ``time`` is in seconds since 1970.
    """
    files: dict[Component, list[str]] = {component: [] for component in others}
    for path, component in owners.items():
        files.setdefault(component, []).append(path)
    components = sorted(files, key=lambda component: component.purl)
    listed = [described(component, folder, sorted(files[component])) for component in components]
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application", "bom-ref": name, "name": name, "version": facts.version,
                "licenses": [{"license": {"id": facts.licence}}],
            },
        },
        "components": listed,
        "dependencies": [{"ref": name, "dependsOn": [one["bom-ref"] for one in listed]}],
    }  # fmt: skip
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(whole, sort_keys=True))
    return json.dumps(whole | {"serialNumber": f"urn:uuid:{serial}"}, indent=1, sort_keys=True) + "\n"


def described(component: Component, folder: Path, paths: Iterable[str]) -> dict[str, Any]:
    """Return one component with its files and their SHA-256 sums."""
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": component.purl,
        "name": component.name,
        "purl": component.purl,
        "licenses": [{"license": {"name": component.licence}}],
    }
    if component.version:
        told["version"] = component.version
    files = [file_entry(folder, path) for path in paths]
    return told | ({"components": files} if files else {})


def file_entry(folder: Path, path: str) -> dict[str, Any]:
    """Return one file with its SHA-256 sum."""
    sum_of = hashlib.sha256((folder / path).read_bytes()).hexdigest()
    return {"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": sum_of}]}
