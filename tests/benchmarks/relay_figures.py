"""The relay under load, on both engines: notices taken in, and how long a hint takes to a thousand tills.

The floors are what this machine does with nothing behind it: uvicorn that answers, and JetStream that stores.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.figures import Figure, high, median
from tests.benchmarks.processes import home, program
from tests.relay.nats_server import NatsServer, started

NOTICES = 2000
TILLS = 1000
HINTS = 5
FEWEST_ROUNDS, MOST_ROUNDS = 3, 7
HALF_AS_FAST = 2.0
LATE_MS = 2000.0


def measure(rounds: int) -> list[Figure]:
    """Load each in turn, round after round; notices are medians over the rounds."""
    each: defaultdict[str, list[float]] = defaultdict(list)
    with (
        tempfile.TemporaryDirectory(prefix="optty-relay-") as folder,
        home() as environment,
        started(Path(folder, "nats")) as server,
    ):
        for number in range(max(FEWEST_ROUNDS, min(rounds, MOST_ROUNDS))):
            for kind in ("echo", "sqlite", "jetstream"):
                place = Path(folder, f"{kind}-{number}")
                each[kind].append(_posts(kind, place, server, environment))
            with program("relay_load", "publish", server.url, str(NOTICES), environment=environment) as one:
                each["publish"].append(one.told("each_ms"))
        late = {kind: _fan(kind, Path(folder, f"{kind}-fan"), server, environment) for kind in ("sqlite", "jetstream")}
    echo, publish = median(each["echo"]), median(each["publish"])
    figures = [
        Figure("bare uvicorn: one answer", "ms", echo),
        Figure("bare JetStream: one body stored", "ms", publish),
        Figure("SQLite: one notice, against bare uvicorn", "ms", median(each["sqlite"]), echo, HALF_AS_FAST),
        Figure("JetStream: one notice, against bare JetStream", "ms", median(each["jetstream"]), publish, HALF_AS_FAST),
        Figure("  against bare uvicorn", "ms", median(each["jetstream"]), echo),
    ]
    for kind, name in (("sqlite", "SQLite"), ("jetstream", "JetStream")):
        figures.append(Figure(f"{name}: a hint to {TILLS} tills, median", "ms", median(late[kind])))
        figures.append(Figure("  95 of 100", "ms", high(late[kind], 0.95), most=LATE_MS))
        figures.append(Figure("  the last", "ms", max(late[kind])))
    return figures


def _posts(kind: str, folder: Path, server: NatsServer, environment: Mapping[str, str]) -> float:
    folder.mkdir()
    with program("relay_server", kind, str(folder), "0", server.url, environment=environment) as relay:
        port = str(int(relay.told("port")))
        with program("relay_load", "posts", port, str(NOTICES), environment=environment) as one:
            return one.told("each_ms")


def _fan(kind: str, folder: Path, server: NatsServer, environment: Mapping[str, str]) -> list[float]:
    folder.mkdir()
    with program("relay_server", kind, str(folder), str(TILLS), server.url, environment=environment) as relay:
        port = str(int(relay.told("port")))
        tokens = str(folder / "tills.json")
        with program("relay_load", "fan", port, str(HINTS), tokens, environment=environment) as one:
            late: list[float] = one.line("late_ms")["late_ms"]
    return late
