"""QR codes of payment links, made and read again before anyone sees them. Nothing here touches a widget.

The functions are slow for a window (about 12 ms) and meant for a worker thread; they import segno and zxing-cpp.
"""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl

QUIET_ZONE: Final = 4
"""White modules on each side of the symbol (ISO/IEC 18004)."""

_BYTES_AT_M: Final = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560)
"""Bytes that fit into a symbol of version 1, 2, 3 … at error correction M (ISO/IEC 18004, table 7)."""

_CHECKED_AT: Final = 3
_LONGEST: Final = 512
_SCHEMES: Final = frozenset({"https", "http"})


class QrProblem(Exception):
    """No code may be shown for this address. The message never repeats the address."""


class ErrorLevel(StrEnum):
    """How much of a symbol may be unreadable: M 15 %, L 7 %."""

    M = "M"
    L = "L"


@dataclass(frozen=True, slots=True)
class QrCode:
    """A checked code: `rows` holds True for a dark module, without the quiet zone; `text` is what it says."""

    text: str
    rows: tuple[tuple[bool, ...], ...]
    error_level: ErrorLevel

    @property
    def size(self) -> int:
        """Modules along one side of the symbol."""
        return len(self.rows)

    @property
    def full_size(self) -> int:
        """Modules along one side with the quiet zone."""
        return self.size + 2 * QUIET_ZONE


def make_qr(url: str, *, at_most: int | None = None) -> QrCode:
    """The code for a link that has passed the link check, error correction M.

    With `at_most`, a symbol of more modules on a side is made again with L, which needs fewer. Raises QrProblem
    when Python and Qt read different hosts in the address, or when the drawn code does not read as exactly this text.
    """
    if not _has_one_host(url):
        raise QrProblem("Python and Qt do not read the same host in this address")
    code = _encoded(url, ErrorLevel.M)
    if at_most is not None and code.size > at_most:
        code = _encoded(url, ErrorLevel.L)
    side = code.full_size * _CHECKED_AT
    if decoded(bitmap(code, _CHECKED_AT), side) != url.encode():
        raise QrProblem("the drawn code does not read as this address")
    return code


def modules_for(url: str) -> int:
    """How many modules a side of the code for `url` has at error correction M, known without making it."""
    version = 1 + bisect_left(_BYTES_AT_M, len(url))
    return 17 + 4 * version


def bitmap(code: QrCode, scale: int) -> bytes:
    """The symbol with its quiet zone as one byte a pixel, 0 or 255, each module `scale` pixels wide and high."""
    edge = b"\xff" * (QUIET_ZONE * scale)
    blank = b"\xff" * (code.full_size * scale)
    dark, light = b"\x00" * scale, b"\xff" * scale
    lines = [blank] * (QUIET_ZONE * scale)
    for row in code.rows:
        line = edge + b"".join(dark if module else light for module in row) + edge
        lines += [line] * scale
    lines += [blank] * (QUIET_ZONE * scale)
    return b"".join(lines)


def decoded(pixels: bytes, side: int) -> bytes | None:
    """What a reader finds in a square picture of one byte a pixel: the bytes of the code, None without one."""
    import zxingcpp

    picture = memoryview(pixels).cast("B", shape=[side, side])
    found = zxingcpp.read_barcode(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return bytes(found.bytes) if found is not None else None


def _encoded(url: str, level: ErrorLevel) -> QrCode:
    import segno

    try:
        made = segno.make_qr(url.encode(), error=level.value, mode="byte", boost_error=False)
    except segno.DataOverflowError:
        raise QrProblem("the address is too long for a code") from None
    rows = tuple(tuple(module == 1 for module in row) for row in made.matrix)
    return QrCode(url, rows, level)


def _has_one_host(url: str) -> bool:
    """The strict reading of Qt is a third opinion beside the two parsers of the link check."""
    if not url.isascii() or len(url) > _LONGEST:
        return False
    strict = QUrl(url, QUrl.ParsingMode.StrictMode)
    try:
        plain = urlsplit(url)
        port = plain.port
    except ValueError:
        return False
    return (
        strict.isValid()
        and bool(plain.hostname)
        and strict.host() == plain.hostname
        and strict.scheme() == plain.scheme
        and plain.scheme in _SCHEMES
        and strict.port(-1) == (-1 if port is None else port)
        and not strict.userInfo()
    )
