"""Safety lines of the program, each with what it becomes when it is taken out and the promise that must notice."""

from __future__ import annotations

from dataclasses import dataclass

CREATING, REFUNDING = "tests/faults/test_creating.py", "tests/faults/test_refunding.py"
MODEL = "tests/faults/test_model.py"
CANCEL_OR_REFUND, CREATE_LINK = "till/cancel_or_refund.py", "till/create_link.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """``old`` stands once in ``file`` of the package; ``test`` and ``promise`` select the tests that must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str
    promise: str


MUTANTS = (
    Mutant(
        "no unique index on open operations",
        "journal/migrations/first_tables.py",
        "CREATE UNIQUE INDEX operations_open",
        "CREATE INDEX operations_open",
        REFUNDING,
        "R1",
    ),
    Mutant(
        "an old read counts as fresh",
        CANCEL_OR_REFUND,
        "seen.read_at > FRESH_SECONDS:",
        "seen.read_at > 10**9:",
        REFUNDING,
        "R7",
    ),
    Mutant(
        "what changed is not compared",
        CANCEL_OR_REFUND,
        "if not (is_same and _is_allowed(approval.kind, look.link)):",
        "if not _is_allowed(approval.kind, look.link):",
        REFUNDING,
        "R7",
    ),
    Mutant(
        "a refund on its way is not looked at",
        CANCEL_OR_REFUND,
        "if not (is_same and _is_allowed(approval.kind, look.link)):",
        "if not is_same:",
        REFUNDING,
        "R2",
    ),
    Mutant(
        "a read is as old as its answer",
        CANCEL_OR_REFUND,
        "None if link.order_reference is None else asked_at",
        "None if link.order_reference is None else self._session.clock.monotonic()",
        REFUNDING,
        "R7",
    ),
    Mutant(
        "a call is not shielded",
        CANCEL_OR_REFUND,
        "return await asyncio.shield(sent)",
        "return await sent",
        REFUNDING,
        "R9",
    ),
    Mutant(
        "sending is not written down",
        CANCEL_OR_REFUND,
        "await self._session.record(sending, outcomes.sent_event(sending, self._session.clock.now()))",
        "pass",
        MODEL,
        "R10 and small",
    ),
    Mutant(
        "an intent without its call stays open",
        CANCEL_OR_REFUND,
        "await self._not_sent(operation, error)\n            raise\n        # From here",
        "raise\n        # From here",
        REFUNDING,
        "R7",
    ),
    Mutant(
        "an unknown outcome is sent again",
        CANCEL_OR_REFUND,
        "        except OutcomeUnknown as silence:\n",
        "        except OutcomeUnknown as silence:\n            with suppress(AppError):\n"
        "                await self._call(approval, sending)\n",
        REFUNDING,
        "R4",
    ),
    Mutant(
        "a fault of the program hides the call",
        CANCEL_OR_REFUND,
        "await self._keep(sending, partial(outcomes.unknown, operation=sending, error=stopped))",
        "pass",
        REFUNDING,
        "R4",
    ),
    Mutant(
        "more than is left may go back",
        CANCEL_OR_REFUND,
        "0 < approval.amount.minor <= link.refundable.minor",
        "0 < approval.amount.minor",
        REFUNDING,
        "R8",
    ),
    Mutant(
        "refunds share a reference",
        CANCEL_OR_REFUND,
        "link.order_reference, operation.refund_reference, approval.amount",
        'link.order_reference, "R-1", approval.amount',
        REFUNDING,
        "R11",
    ),
    Mutant(
        "a stop during sending counts as not sent",
        "till/interrupted.py",
        "if operation.stage is Stage.INTENT:",
        "if operation.stage in (Stage.INTENT, Stage.SENDING):",
        MODEL,
        "R10 and small",
    ),
    Mutant(
        "an unanswered call is given up at once",
        "till/outcomes.py",
        "GIVE_UP_AFTER = timedelta(minutes=10)",
        "GIVE_UP_AFTER = timedelta(0)",
        MODEL,
        "R10 and small",
    ),
    Mutant(
        "waiting is counted by the wall clock",
        "till/session.py",
        "return self.clock.monotonic() - self._sent_at.get(operation.operation_id, self._started)",
        "return (self.clock.now() - operation.changed_at).total_seconds()",
        REFUNDING,
        "R5",
    ),
    Mutant(
        "an answered cancel that paid back is a cancel",
        "till/outcomes.py",
        "if answer.state is LinkState.REFUNDED:",
        "if answer.state is LinkState.EXPIRED:",
        REFUNDING,
        "R6",
    ),
    Mutant(
        "a settled cancel that paid back is a refund",
        "till/outcomes.py",
        "        if _shows_refund(link):\n            is_pending",
        "        if False:\n            is_pending",
        REFUNDING,
        "R6",
    ),
    Mutant(
        "an answer without a word is the last word",
        "core/readings.py",
        "    if was_cancelled and (",
        "    if False and (",
        REFUNDING,
        "R6",
    ),
    Mutant(
        "an older refund that failed ends this one",
        "core/readings.py",
        "    if awaiting is not None:\n        is_refund",
        "    if awaiting is not None and not reading.refund_failed:\n        is_refund",
        REFUNDING,
        "R5",
    ),
    Mutant(
        "what the disk refused is forgotten",
        "till/session.py",
        "self._owed.extend(records)",
        "pass",
        REFUNDING,
        "R4",
    ),
    Mutant(
        "what the disk refused is not shown",
        "till/session.py",
        "self._owed.extend(records)\n            self._show(records)",
        "self._owed.extend(records)",
        CREATING,
        "L2",
    ),
    Mutant(
        "a create is not written down first",
        CREATE_LINK,
        "await self._session.journal.commit(link, operation, sent)",
        "pass",
        CREATING,
        "L2",
    ),
    Mutant(
        "a repeat differs by a byte",
        CREATE_LINK,
        "again = replace(operation, stage=Stage.SENDING, changed_at=now)",
        'again = replace(operation, stage=Stage.SENDING, changed_at=now, body=operation.body + b" ")',
        CREATING,
        "L3",
    ),
    Mutant(
        "a repeat on its way may be repeated",
        CREATE_LINK,
        "if invoice_number in self._repeating:",
        "if False:",
        CREATING,
        "L5",
    ),
    Mutant(
        "a create without an answer is tried again",
        CREATE_LINK,
        "        except OutcomeUnknown as error:\n            await self._not_confirmed(link, operation, EventKind",
        "        except OutcomeUnknown as error:\n            with suppress(AppError):\n"
        "                await self._session.gateway.create_link(operation.body)\n"
        "            await self._not_confirmed(link, operation, EventKind",
        CREATING,
        "L6",
    ),
    Mutant(
        "exists already is believed",
        CREATE_LINK,
        "if not amount_matches(link, reading):",
        "if False:",
        CREATING,
        "L4",
    ),
    Mutant(
        "any amount is ours",
        "core/readings.py",
        "return extra in (0, fee) or (link.allows_tip and extra >= 0)",
        "return True",
        CREATING,
        "L4",
    ),
    Mutant(
        "numbers are made of time alone",
        "core/invoice_numbers.py",
        'int.from_bytes(randomness, "big")',
        "0",
        CREATING,
        "L8",
    ),
    Mutant(
        "amounts go through floats",
        "api/wire.py",
        "return Decimal(money.to_decimal_text())",
        'return Decimal(f"{float(money.to_decimal_text()):.2f}")',
        CREATING,
        "L7",
    ),
    Mutant(
        "a broken line counts as not sent",
        "api/http_failures.py",
        "    httpx.ProxyError,\n)",
        "    httpx.ProxyError,\n    httpx.RemoteProtocolError,\n    httpx.ReadError,\n)",
        CREATING,
        "L3",
    ),
    Mutant(
        "a deadline counts as not sent",
        "api/http_failures.py",
        "    return OutcomeUnknown(trouble, details=details)",
        "    return (OutcomeUnknown if trouble is Trouble.CUT else NotSent)(trouble, details=details)",
        CREATING,
        "L3",
    ),
    Mutant(
        "a broken service is asked again",
        "api/gateway.py",
        "if answer.status != 401:",
        "if answer.status < 500 and answer.status != 401:",
        CREATING,
        "L3",
    ),
    Mutant(
        "an address is not checked",
        "api/gateway.py",
        "check_link(link.url, self._environment)",
        "pass",
        CREATING,
        "L4 and address",
    ),
)
