"""The announcement of a version as it is written: a JSON text, and its Ed25519 signature beside it.

    {"manifest": "{\\"product\\": \\"optty-desktop\\", \\"version\\": \\"1.2.3\\", …}", "signature": "…"}

The signature is of the very bytes of that text, behind a line that says what they are: one that was made for anything
else is none here. Nothing of the text is looked at before it holds.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from optty_desktop.api.strict_json import NotStrictJson, read_strict_json
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.updates import Manifest, Package, UpdateFlaw, UpdateRefused

PRODUCT: Final = "optty-desktop"
LARGEST_MANIFEST: Final = 64 * 1024
LARGEST_PACKAGE: Final = 400 * 1024 * 1024
"""Bytes; a true package has a tenth of that."""

_SIGNED_AS: Final = b"optty-desktop update manifest 1\n"
_MOST_PACKAGES: Final = 40
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,119}")
_PLATFORM: Final = re.compile(r"[a-z0-9_-]{1,40}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST_SEQUENCE: Final = 2**53


def signed_bytes(text: str) -> bytes:
    """Return what is signed for the manifest ``text``."""
    return _SIGNED_AS + text.encode("utf-8")


def read_manifest(body: bytes, public_key: str) -> Manifest:
    """Return what ``body`` announces, once its signature is that of ``public_key`` (Base64). Raises UpdateRefused.

    Loads a library on first use: for a worker thread.
    """
    if len(body) > LARGEST_MANIFEST:
        raise UpdateRefused(UpdateFlaw.TOO_LARGE)
    envelope = _object(body)
    text, signature = envelope.get("manifest"), envelope.get("signature")
    if not isinstance(text, str) or not isinstance(signature, str):
        raise UpdateRefused(UpdateFlaw.UNREADABLE)
    _check_signature(signed_bytes(text), signature, public_key)
    try:
        return _manifest(_object(text.encode("utf-8")), body)
    except (KeyError, TypeError, ValueError) as error:
        raise UpdateRefused(UpdateFlaw.UNREADABLE) from error


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = read_strict_json(body)
    except NotStrictJson as error:
        raise UpdateRefused(UpdateFlaw.UNREADABLE) from error
    if not isinstance(value, dict):
        raise UpdateRefused(UpdateFlaw.UNREADABLE)
    return value


def _check_signature(signed: bytes, signature: str, public_key: str) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), signed)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise UpdateRefused(UpdateFlaw.NOT_SIGNED) from error


def _manifest(table: Mapping[str, Any], announcement: bytes) -> Manifest:
    """Raises KeyError, TypeError or ValueError for whatever is not as it should be."""
    if table["product"] != PRODUCT:
        raise UpdateRefused(UpdateFlaw.OTHER_PROGRAM)
    packages = table["packages"]
    if not isinstance(packages, list) or len(packages) > _MOST_PACKAGES:
        raise ValueError("packages")
    version = ReleaseNumber.parse(_text(table, "version", re.compile(r"[0-9.]{5,14}")))
    return Manifest(
        version=version,
        released=date.fromisoformat(_text(table, "released", _DAY)),
        sequence=_number(table, "sequence", _LARGEST_SEQUENCE),
        expires=datetime.strptime(_text(table, "expires", _MOMENT), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        packages=tuple(_package(one, version, announcement) for one in packages),
    )


def _package(table: Mapping[str, Any], version: ReleaseNumber, announcement: bytes) -> Package:
    file = _text(table, "file", _FILE)
    if not file.startswith(f"{PRODUCT}-{version}-"):
        raise ValueError("file")
    return Package(
        platform=_text(table, "platform", _PLATFORM),
        file=file,
        size=_number(table, "size", LARGEST_PACKAGE),
        sha256=_text(table, "sha256", _SHA256),
        announcement=announcement,
    )


def _text(table: Mapping[str, Any], key: str, shape: re.Pattern[str]) -> str:
    value = table[key]
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError(key)
    return value


def _number(table: Mapping[str, Any], key: str, most: int) -> int:
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise ValueError(key)
    return value
