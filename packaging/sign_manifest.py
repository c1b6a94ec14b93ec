"""Announces a version to tills: makes the signed file that they look for, and the key that signs it.

    dev.py sign-manifest new-key update-key.pem
    dev.py sign-manifest sign --key update-key.pem --output updates.json dist/optty-desktop-1.2.3-linux-x86_64.deb …
    dev.py sign-manifest check --public-key KEY updates.json

The file and the packages are then put into one folder of a web server. Tills install nothing by themselves.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from processes import ROOT, Stop

sys.path.insert(0, str(ROOT))

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from optty_desktop.api.update_manifest import LARGEST_MANIFEST, PRODUCT, read_manifest, signed_bytes
from optty_desktop.core.updates import UpdateRefused

DAYS = 60
MOST_DAYS = 400
PACKAGE = re.compile(rf"{PRODUCT}-(\d+\.\d+\.\d+)-([a-z0-9_-]+?)(?:-setup)?\.(?:deb|tar\.xz|exe|dmg)")
ONE_PROCESSOR = {"windows": "windows-amd64"}
"""Packages whose name does not say for which processor they are."""


def new_key(file: Path) -> str:
    """Make a key in a new ``file`` that only its owner can read; return its public part. Raises Stop."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        with open(file, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
            stream.write(text)
    except FileExistsError as error:
        raise Stop(f"{file} is there already, and tills may trust it. Choose another name.") from error
    except OSError as error:
        raise Stop(f"{file} cannot be written ({error.strerror}).") from error
    return public_part(key)


def public_part(key: Ed25519PrivateKey) -> str:
    """Return what tills have as ``public_key``."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")


def load_key(file: Path) -> Ed25519PrivateKey:
    """Read a key that ``new_key`` made. Raises Stop."""
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise Stop(f"{file} is no key that sign-manifest made.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Stop(f"{file} is no Ed25519 key.")
    return key


def signed(packages: Sequence[Path], key: Ed25519PrivateKey, *, now: datetime, days: int, sequence: int) -> bytes:
    """Return the announcement of ``packages``, which are all of one version. Raises Stop.

    ``sequence`` is a second from 1970 on, at most ``now``: a higher one would shut out what is signed after it.
    """
    if not 0 < sequence <= now.timestamp():
        raise Stop(f"{sequence} is no number of an announcement: it is from 1 to the seconds since 1970.")
    found = {path: PACKAGE.fullmatch(path.name) for path in packages}
    wrong = [path.name for path, match in found.items() if match is None]
    if wrong or not packages:
        raise Stop(f"No package of {PRODUCT}: {', '.join(wrong) or 'nothing was named'}.")
    versions = {match[1] for match in found.values() if match}
    if len(versions) > 1:
        raise Stop(f"One announcement is of one version, and these are {', '.join(sorted(versions))}.")
    told = {
        "product": PRODUCT,
        "version": versions.pop(),
        "released": now.strftime("%Y-%m-%d"),
        "sequence": sequence,
        "expires": (now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "packages": [described(path, match[2]) for path, match in found.items() if match],
    }
    text = json.dumps(told, indent=1)
    signature = base64.b64encode(key.sign(signed_bytes(text))).decode("ascii")
    return json.dumps({"manifest": text, "signature": signature}, indent=1).encode("utf-8") + b"\n"


def described(package: Path, platform: str) -> dict[str, Any]:
    """Return what is announced of one file. Raises Stop where it cannot be read."""
    try:
        content = package.read_bytes()
    except OSError as error:
        raise Stop(f"{package} cannot be read ({error.strerror}).") from error
    return {
        "platform": ONE_PROCESSOR.get(platform, platform),
        "file": package.name,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def checked(file: Path, public_key: str) -> str:
    """Return what an announcement says, as a till would read it. Raises Stop."""
    try:
        with file.open("rb") as stream:
            manifest = read_manifest(stream.read(LARGEST_MANIFEST + 1), public_key)
    except OSError as error:
        raise Stop(f"{file} cannot be read ({error.strerror}).") from error
    except UpdateRefused as refused:
        raise Stop(f"A till would not take {file}: {refused.flaw}.") from refused
    lines = [
        f"version {manifest.version}, number {manifest.sequence}, holds until {manifest.expires:%Y-%m-%d %H:%M} UTC"
    ]
    lines += [f"{one.platform}  {one.file}  {one.size} bytes  sha256 {one.sha256}" for one in manifest.packages]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.command == "new-key":
            print(f'public_key = "{new_key(chosen.file)}"')
        elif chosen.command == "check":
            print(checked(chosen.file, chosen.public_key))
        else:
            key = load_key(chosen.key)
            body = signed(chosen.packages, key, now=datetime.now(UTC), days=chosen.days, sequence=chosen.sequence)
            chosen.output.write_bytes(body)
            print(checked(chosen.output, public_part(key)))
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sign-manifest", description="Announce a version to tills.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    making = commands.add_parser("new-key", help="make the key that signs; tills get what it prints")
    making.add_argument("file", metavar="FILE", type=Path)
    signing = commands.add_parser("sign", help="announce these packages")
    signing.add_argument("packages", metavar="PACKAGE", type=Path, nargs="+")
    signing.add_argument("--key", metavar="FILE", type=Path, required=True)
    signing.add_argument("--output", metavar="FILE", type=Path, required=True)
    signing.add_argument("--days", metavar="N", type=_days, default=DAYS, help=f"how long it holds (default: {DAYS})")
    # Seconds grow by themselves, so nobody has to remember the last number.
    signing.add_argument("--sequence", metavar="N", type=int, default=int(time.time()), help=argparse.SUPPRESS)
    checking = commands.add_parser("check", help="read an announcement as a till does")
    checking.add_argument("file", metavar="FILE", type=Path)
    checking.add_argument("--public-key", metavar="KEY", required=True)
    return parser


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"a number of days from 1 to {MOST_DAYS}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
