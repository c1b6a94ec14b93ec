"""By what it is known that the files of the administrator or the shop have become others."""

import hashlib
from pathlib import Path

from optty_desktop.core.policy import Policy
from optty_desktop.system.paths import AppPaths


def fingerprints(paths: AppPaths, policy: Policy | None) -> dict[str, str]:
    """SHA-256 of each file that decides what this till does, by name; empty for one that is not there."""
    found = {file.name: _sha256(file) for file in (paths.environments_file, paths.network_file, paths.till_file)}
    return found | {"policy.toml": policy.sha256 if policy is not None else ""}


def _sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""
