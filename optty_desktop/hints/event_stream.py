"""Server-sent events out of bytes, as far as a relay uses them; nobody can fill the memory with them."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Final

from optty_desktop.core.relay_failures import NotARelay

MOST_BYTES: Final = 16 * 1024
"""Of one event, and of a line. A hint takes some six hundred."""


@dataclass(frozen=True, slots=True)
class Message:
    """One event. ``id`` is the place behind it. Without ``data`` it only shows that the stream lives."""

    data: str = ""
    id: str = ""
    event: str = "message"


async def messages(chunks: AsyncIterator[bytes]) -> AsyncGenerator[Message, None]:
    """Yield the events of a stream, and an empty one for each comment. Raises NotARelay for what is too long."""
    fields: dict[str, str] = {}
    size = 0
    async for line in _lines(chunks):
        if line.startswith(":"):
            yield Message()
        elif line:
            size += len(line)
            if size > MOST_BYTES:
                raise NotARelay("an event that is too long")
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields:
            yield Message(fields.get("data", ""), fields.get("id", ""), fields.get("event", "message"))
            fields, size = {}, 0


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield the lines without their ends; a line that the stream's end cuts off is dropped."""
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield _decoded(line)
        if len(rest) > MOST_BYTES:
            raise NotARelay("a line that is too long")


def _decoded(line: bytes) -> str:
    try:
        return line.removesuffix(b"\r").decode()
    except UnicodeDecodeError as error:
        raise NotARelay("no text") from error
