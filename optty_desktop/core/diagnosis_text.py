"""The support file as text: in English for whoever helps, always in the same order, times in UTC."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from optty_desktop.core.audit_chain import AuditFacts
from optty_desktop.core.diagnosis import (
    Diagnosis,
    Display,
    JournalFacts,
    PastCall,
    Unexpected,
    Versions,
)
from optty_desktop.core.environments import Environment
from optty_desktop.core.network import Way
from optty_desktop.core.policy import Policy

UNKNOWN = "unknown"


def report_of(diagnosis: Diagnosis) -> str:
    """Return the whole text, ending with a line feed."""
    parts = [
        ["Optty Desktop support file", f"Made: {_time(diagnosis.at)}"],
        ["Program", *_indented(_versions(diagnosis.versions))],
        ["Computer", *_indented(_computer(diagnosis.display, diagnosis.free_bytes))],
        ["Line", *_indented(_line(diagnosis.way, diagnosis.calls))],
        ["Policy", *_indented(_policy(diagnosis.policy))],
        *_environments(diagnosis.environments),
        *(["Record of " + one.environment_id, *_indented(_journal(one))] for one in diagnosis.journals),
        ["Audit of the settings", *_indented(_audit(diagnosis.audit))],
        ["Last calls, newest last", *_indented([_call(one) for one in diagnosis.calls] or ["none"])],
        ["Unexpected failures, newest last", *_indented([_failure(one) for one in diagnosis.unexpected] or ["none"])],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _versions(versions: Versions) -> Iterator[str]:
    yield f"Version: {versions.program}"
    yield f"Python: {versions.python}"
    yield f"Qt: {versions.qt or UNKNOWN}"
    yield f"SQLite: {versions.sqlite}"
    yield f"TLS: {versions.tls}"
    yield f"System: {versions.system}"


def _computer(display: Display | None, free_bytes: int | None) -> Iterator[str]:
    yield f"Free room: {_size(free_bytes)}"
    if display is None:
        yield f"Screens: {UNKNOWN} (no window)"
        return
    yield f"Window system: {display.window_system}"
    for number, screen in enumerate(display.screens, start=1):
        yield f"Screen {number}: {screen.width} x {screen.height} at scale {screen.scale:g}"


def _line(way: Way | None, calls: Sequence[PastCall]) -> Iterator[str]:
    """Of the proxy its place, never who asks it; of the shop's certificate file only that there is one."""
    if way is None:
        yield f"Proxy and certificates: {UNKNOWN} (the file of the network cannot be read)"
    else:
        yield f"Proxy: {way.proxy.place if way.proxy is not None else 'none'}"
        yield f"Certificates: {way.trust}{' and a file of the shop' if way.extra_ca else ''}"
    yield f"Clock: {_clock(calls)}"


def _policy(policy: Policy | None) -> Iterator[str]:
    if policy is None:
        yield "The file policy.toml is refused; the program says why when it starts"
    elif policy.file:
        yield f"File: {policy.file}"
        yield f"SHA-256: {policy.sha256}"
    else:
        yield "none"


def _clock(calls: Sequence[PastCall]) -> str:
    """What the last answer that told its time said."""
    last = next((call for call in reversed(calls) if call.ahead is not None), None)
    if last is None or last.ahead is None:
        return f"{UNKNOWN} (no answer told its time)"
    seen = f"the clock of {last.host} at {_time(last.at)}"
    if last.ahead == 0:
        return f"agrees with {seen}"
    return f"{abs(last.ahead)} s {'ahead of' if last.ahead > 0 else 'behind'} {seen}"


def _environments(environments: tuple[Environment, ...] | None) -> Iterator[list[str]]:
    if environments is None:
        yield ["Environments", "  The file environments.toml is refused; the program says why when it starts"]
        return
    for one in environments:
        yield [f"Environment {one.id}", *_indented(_environment(one))]


def _environment(one: Environment) -> Iterator[str]:
    yield f"Name: {one.name}"
    yield f"Kind: {one.kind}"
    yield f"Hosts: {_host(one.api_url)} (calls), {_host(one.token_url)} (tokens)"
    yield f"Hosts of links: {', '.join(one.link_hosts)}"
    yield f"Route for cancelling and refunding: {'known' if one.cancel_or_refund else 'not known'}"
    yield f"Refunds go through: {one.refund_with}"


def _journal(facts: JournalFacts) -> Iterator[str]:
    yield f"Size: {_size(facts.size)}"
    yield f"Newest backup: {facts.newest_backup.isoformat() if facts.newest_backup else 'none'}"
    if facts.problem:
        yield f"Content: {UNKNOWN} ({facts.problem})"
        return
    yield f"Schema: {facts.schema}"
    yield f"Links: {_counts(facts.links)}"
    yield f"Operations: {_counts(facts.operations)}"
    yield f"Open operations: {facts.open_operations}"
    yield f"Cancels and refunds wait: {facts.block or 'no'}"


def _audit(facts: AuditFacts) -> Iterator[str]:
    if facts.problem:
        yield f"Entries: {UNKNOWN} ({facts.problem})"
        return
    yield f"Entries: {facts.entries}"
    yield f"Chain: {'whole' if facts.broken_at is None else f'broken at entry {facts.broken_at}'}"


def _call(call: PastCall) -> str:
    return f"{_time(call.at)} {call.line}"


def _failure(failure: Unexpected) -> str:
    return f"{_time(failure.at)} {failure.kind} at {failure.places}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[name]} {name}" for name in sorted(counts)) or "none"


def _host(url: str) -> str:
    return urlsplit(url).hostname or UNKNOWN


def _size(size: int | None) -> str:
    if size is None:
        return UNKNOWN
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{size / 2**20:.1f} MiB"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
