"""Only what the lock names is installed: the very bytes, with their hashes, as wheels."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
import venvs
from processes import Stop

from tests.promises import Promise

pytestmark = pytest.mark.slow

REFUSED = "The libraries of the lock could not be installed."
TAKEN = "PySide6 was installed but cannot be loaded."
"""What comes after the libraries were taken, where Qt is not among them."""


def wheel(folder: Path) -> Path:
    """The smallest wheel there is."""
    file = folder / "smallest-1.0-py3-none-any.whl"
    notes = "smallest-1.0.dist-info"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("smallest.py", "WORDS = 'as it was made'\n")
        packed.writestr(f"{notes}/METADATA", "Metadata-Version: 2.1\nName: smallest\nVersion: 1.0\n")
        packed.writestr(f"{notes}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{notes}/RECORD", "")
    return file


def test_X1_a_changed_byte_or_a_missing_hash_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, promise: Promise
) -> None:
    file = wheel(tmp_path)
    true = file.read_bytes()
    named = f"smallest==1.0 --hash=sha256:{hashlib.sha256(true).hexdigest()}\n"
    middle = len(true) // 2
    cases = {
        "one byte changed": (true[:middle] + bytes([true[middle] ^ 1]) + true[middle + 1 :], named, REFUSED),
        "one byte more": (true + b"\x00", named, REFUSED),
        "no hash": (true, "smallest==1.0\n", REFUSED),
        "another hash": (true, named.replace("sha256:", "sha256:0")[:-2] + "\n", REFUSED),
        # Last: what is installed once is not looked at again.
        "as it was made": (true, named, TAKEN),
    }
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    venvs.make_venv(tmp_path / "venv")
    lock = tmp_path / "lock.txt"
    wrong = []
    for name, (content, text, expected) in cases.items():
        file.write_bytes(content)
        lock.write_text(text, encoding="utf-8")
        with pytest.raises(Stop) as stopped:
            venvs.install_lock(venvs.python_of(tmp_path / "venv"), lock)
        if str(stopped.value) != expected:
            wrong.append((name, str(stopped.value)))
    promise("X1", len(cases), wrong, 0.0)
