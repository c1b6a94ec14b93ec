"""The training server as a child of the window: started when practice begins, gone when the window is."""

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

START_SECONDS = 15.0
_STOP_SECONDS = 3.0
_FIELDS = ("url", "client_id", "client_secret", "control_token")


class PracticeUnavailable(Exception):
    """The training server did not start."""


@dataclass(frozen=True, slots=True)
class PracticeAddress:
    """Where the pretend Optty listens, and what signs in to it. Made anew at each start."""

    url: str
    client_id: str
    client_secret: str
    control_token: str


class PracticeServer:
    """One child process. It ends by itself when this process does, because it watches its standard input."""

    def __init__(self, command: Sequence[str], ledger: Path | None, shop: str, *, by_hand: bool = False) -> None:
        self._command = list(command)
        self._options = ["--as-child", "--shop", shop]
        if ledger is not None:
            self._options += ["--ledger", str(ledger)]
        if by_hand:
            self._options.append("--by-hand")
        self._process: Process | None = None

    async def start(self) -> PracticeAddress:
        """Start the child and read its address. Raises PracticeUnavailable."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, *self._options, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        except OSError as error:
            raise PracticeUnavailable from error
        try:
            async with asyncio.timeout(START_SECONDS):
                return await self._address()
        except (TimeoutError, ValueError, KeyError, TypeError) as error:
            await self.stop()
            raise PracticeUnavailable from error

    async def stop(self) -> None:
        """End the child and wait for it."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _address(self) -> PracticeAddress:
        stdout = self._process.stdout if self._process else None
        line = await stdout.readline() if stdout else b""
        fields = MappingProxyType(json.loads(line))
        return PracticeAddress(**{name: str(fields[name]) for name in _FIELDS})
