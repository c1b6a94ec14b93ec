"""Reads an answer's body within a limit that holds before and after decompression."""

import zlib
from collections.abc import AsyncIterator, Callable
from typing import Final

LARGEST_BODY: Final = 1024 * 1024
"""Bytes, unpacked. A true answer is a few KiB; a packed one must not fill memory when it unfolds a thousandfold."""

_WINDOW_BITS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BodyTooLarge(Exception):
    """The body passes the limit."""


class BodyUnreadable(Exception):
    """The body is packed in a way that was not asked for and is not known, or is broken."""


async def read_body(chunks: AsyncIterator[bytes], encoding: str) -> bytes:
    """Return the whole body. ``encoding`` is the Content-Encoding header; identity is what every call asks for.

    gzip and deflate are taken too, since some gateways pack regardless. Raises BodyTooLarge and BodyUnreadable.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return await _plain(chunks)
    if name not in _WINDOW_BITS:
        raise BodyUnreadable
    try:
        return await _unpacked(chunks, _WINDOW_BITS[name])
    except zlib.error as error:
        raise BodyUnreadable from error


async def hand_over(chunks: AsyncIterator[bytes], encoding: str, most: int, take: Callable[[bytes], None]) -> None:
    """Give ``take`` a body as it comes. Raises BodyTooLarge above ``most`` bytes, BodyUnreadable for a packed one."""
    if encoding.strip().lower() not in ("", "identity"):
        raise BodyUnreadable
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > most:
            raise BodyTooLarge
        take(chunk)


async def _plain(chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge
    return bytes(body)


async def _unpacked(chunks: AsyncIterator[bytes], window_bits: int) -> bytes:
    unpacker = zlib.decompressobj(window_bits)
    body = bytearray()
    async for chunk in chunks:
        # At the most one byte above the limit is ever unpacked.
        body += unpacker.decompress(chunk, LARGEST_BODY + 1 - len(body))
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge
    if not unpacker.eof or unpacker.unused_data:
        raise BodyUnreadable
    return bytes(body)
