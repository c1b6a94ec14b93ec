"""A till of its own process that reads one answer after the other and says what each did to its memory.

``python -m tests.faults.memory_child URL NAME …`` prints a line for each name: name, KiB above idle, outcome.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from datetime import UTC, datetime
from pathlib import Path

from optty_desktop.api.answers import accepted_json
from optty_desktop.api.exchange import CallKind
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.errors import AppError, OutcomeUnknown


def kibibytes(name: str) -> int:
    """Return a figure of the kernel about this process, such as VmRSS (memory now) or VmHWM (its peak)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def forget_peak() -> None:
    """Let VmHWM begin anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


async def read(transport: HttpTransport, url: str) -> str:
    """Read an answer as every answer is read; return how that ended."""
    try:
        answer = await transport.send("GET", url, template="/", headers={}, kind=CallKind.READ, deadline=30)
        accepted_json(answer, datetime.now(UTC))
    except OutcomeUnknown as unknown:
        return str(unknown.trouble)
    except AppError as error:
        return type(error).__name__
    return "read"


async def main(url: str, names: list[str]) -> None:
    """Warm up, then read them all."""
    transport = HttpTransport("optty-desktop/test")
    await read(transport, f"{url}/small")
    gc.collect()
    idle = kibibytes("VmRSS")
    for name in names:
        forget_peak()
        outcome = await read(transport, f"{url}/{name}")
        sys.stdout.write(f"{name} {kibibytes('VmHWM') - idle} {outcome}\n")
    await transport.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
