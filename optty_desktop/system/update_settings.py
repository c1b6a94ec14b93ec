"""The table ``[updates]``, as the till's file and an administrator's say it: where newer versions are announced."""

import base64
import binascii
from typing import Final
from urllib.parse import urlsplit

from optty_desktop.core.profile_rules import RuleBroken, check_address
from optty_desktop.core.updates import UpdateMode, Updates

_KEYS: Final = ("mode", "manifest_url", "public_key")
_KEY_BYTES: Final = 32


def read_updates(table: object) -> Updates:
    """Return the settings in ``table``. Raises ValueError with key and rule; unknown keys are named, not skipped."""
    if not isinstance(table, dict):
        raise ValueError("updates must be a table")  # noqa: TRY004  a rule of the file like the others
    for key in table:
        if key not in _KEYS:
            raise ValueError(f"unknown key updates.{ascii(key)[1:-1][:40]}")
    mode = table.get("mode")
    if mode not in tuple(UpdateMode):
        raise ValueError('updates.mode must be "off" or "notice"')
    if mode == UpdateMode.OFF:
        # The address may stay written down while the notice is switched off.
        return Updates(UpdateMode.OFF)
    return Updates(UpdateMode.NOTICE, _address(table.get("manifest_url")), _public_key(table.get("public_key")))


def _address(value: object) -> str:
    try:
        address = check_address(value if isinstance(value, str) else "", "updates.manifest_url")
    except RuleBroken as broken:
        raise ValueError(str(broken)) from broken
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.path:
        raise ValueError("updates.manifest_url must be an https address with the name of a file")
    return address


def _public_key(value: object) -> str:
    try:
        key = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        key = b""
    if not isinstance(value, str) or len(key) != _KEY_BYTES:
        raise ValueError("updates.public_key must be the line that sign_manifest.py prints for the key")
    return value
