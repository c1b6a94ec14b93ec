"""Create a link: one invoice number per intent, on disk before the first byte leaves.

A lost answer leaves the link "Needs check". Only a person repeats it, with the same number and the same bytes, so that
a second link can never come to exist.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from optty_desktop.core.drafts import LinkDraft
from optty_desktop.core.errors import (
    AboveLimit,
    AlreadyExists,
    AnswerNotStored,
    AppError,
    NotAllowedNow,
    NotSent,
    OutcomeUnknown,
    Refused,
    Trouble,
    UnsafeLink,
)
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.held_links import held_facts
from optty_desktop.core.invoice_numbers import new_invoice_number
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.money import Money, no_limit
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.core.ports import CreatedLink, LinkOrder, Record, Withdrawn
from optty_desktop.core.readings import amount_matches, learn
from optty_desktop.till.session import Session


class CreateLink:
    """The verb. ``describe`` words the description of a draft that has none, from its reference.

    ``limit`` tells the most that one link may ask for in a currency, where somebody has set it.
    """

    def __init__(
        self, session: Session, describe: Callable[[str], str], limit: Callable[[str], Money | None] = no_limit
    ) -> None:
        self._session = session
        self._describe = describe
        self._limit = limit
        self._repeating: set[str] = set()

    async def create(self, draft: LinkDraft) -> PaymentLink:
        """Make the link and put it on the table.

        Raises NotSent or Refused (nothing exists, nothing stays on the table); OutcomeUnknown (the row stays as
        "Needs check"); UnsafeLink (the link exists, its address is held back); AboveLimit or JournalProblem (nothing
        was sent); AnswerNotStored (the link exists and is on the table, but not in the record).
        """
        self._check_limit(draft.amount)
        order = self._order(draft)
        body = self._session.gateway.create_body(order)
        link = self._first_entry(order)
        operation = Operation(
            operation_id=self._session.new_id(),
            invoice_number=link.invoice_number,
            kind=OperationKind.CREATE,
            stage=Stage.SENDING,
            amount=link.amount,
            observed=LinkState.UNKNOWN,
            actor=link.created_by,
            requested_at=link.created_at,
            changed_at=link.created_at,
            body=body,
        )
        sent = LinkEvent(link.invoice_number, link.created_at, EventKind.CREATE_SENT, link.created_by)
        # Disk only: a row that came and went with a refusal would move things under somebody's finger.
        await self._session.journal.commit(link, operation, sent)
        try:
            return await self._send(link, operation, is_repeat=False)
        except AppError as error:
            error.details["invoice_number"] = link.invoice_number
            raise

    async def repeat(self, invoice_number: str) -> PaymentLink:
        """A person's second try of a create without an answer: the same number, the same bytes.

        Raises NotAllowedNow when there is no create without an answer or it is on its way again, else as ``create``.
        """
        if invoice_number in self._repeating:
            raise NotAllowedNow(f"{invoice_number} is on its way")
        self._repeating.add(invoice_number)
        try:
            return await self._repeat(invoice_number)
        finally:
            self._repeating.discard(invoice_number)

    async def _repeat(self, invoice_number: str) -> PaymentLink:
        await self._session.write_owed()
        link = await self._session.find(invoice_number)
        operation = await self._session.open_operation(invoice_number)
        if operation is None or operation.kind is not OperationKind.CREATE or operation.stage is not Stage.UNKNOWN:
            raise NotAllowedNow(f"no unanswered create of {invoice_number}")
        # The limit may be younger than the first try, and what is above it must not come to exist now.
        self._check_limit(link.amount)
        now = self._session.clock.now()
        again = replace(operation, stage=Stage.SENDING, changed_at=now)
        await self._session.record(
            again, LinkEvent(invoice_number, now, EventKind.CREATE_SENT, self._session.identity.operator)
        )
        return await self._send(link, again, is_repeat=True)

    def _check_limit(self, amount: Money) -> None:
        limit = self._limit(amount.currency)
        if limit is not None and amount > limit:
            raise AboveLimit(limit)

    def _order(self, draft: LinkDraft) -> LinkOrder:
        session = self._session
        number = new_invoice_number(session.identity.prefix, session.clock.now(), session.random_bytes)
        reference = draft.reference.strip() or number
        return LinkOrder(number, draft, reference, draft.description.strip() or self._describe(reference))

    def _first_entry(self, order: LinkOrder) -> PaymentLink:
        now, draft = self._session.clock.now(), order.draft
        return PaymentLink(
            invoice_number=order.invoice_number,
            amount=draft.amount,
            reference=order.reference,
            description=order.description,
            email=draft.email,
            phone=draft.phone,
            due_at=draft.due_at,
            email_customer=draft.email_customer,
            allows_tip=draft.allow_tip,
            created_at=now,
            created_by=self._session.identity.operator,
            state=LinkState.UNKNOWN,
            note=Note.SENDING,
            evidence=Evidence(Source.TILL, now),
            changed_at=now,
        )

    async def _send(self, link: PaymentLink, operation: Operation, *, is_repeat: bool) -> PaymentLink:
        try:
            answer = await self._session.gateway.create_link(operation.body)
        except AlreadyExists:
            return await self._exists_already(link, operation)
        except (NotSent, Refused) as error:
            await self._nothing_made(link, operation, error, is_repeat=is_repeat)
            raise
        except UnsafeLink as error:
            await self._held_back(link, operation, error)
            raise
        except OutcomeUnknown as error:
            await self._not_confirmed(link, operation, EventKind.CREATE_UNKNOWN, Note.NOT_CONFIRMED, error)
            raise
        except Exception:
            # A fault of this program must not hide that the call has left.
            stopped = OutcomeUnknown(Trouble.STOPPED)
            await self._not_confirmed(link, operation, EventKind.CREATE_UNKNOWN, Note.NOT_CONFIRMED, stopped)
            raise
        return await self._made(link, operation, answer)

    async def _made(self, link: PaymentLink, operation: Operation, answer: CreatedLink) -> PaymentLink:
        now = self._session.clock.now()
        made = replace(
            link,
            state=LinkState.PENDING,
            note=None,
            url=answer.url,
            order_reference=answer.order_reference,
            evidence=Evidence(Source.CREATE_ANSWER, now, answer.raw_word),
            changed_at=now,
        )
        await self._session.keep(made, self._ended(operation, Stage.DONE, "created"), *self._created_events(made))
        return made

    async def _note(self, *records: Record) -> None:
        """Keep what goes with an error that is raised anyway and tells more than a full disk does."""
        with suppress(AnswerNotStored):
            await self._session.keep(*records)

    def _created_events(self, link: PaymentLink, facts: Mapping[str, str] | None = None) -> list[Record]:
        created = LinkEvent(link.invoice_number, link.changed_at, EventKind.CREATED, link.created_by, facts or {})
        events: list[Record] = [created]
        if link.email_customer:
            events.append(LinkEvent(link.invoice_number, link.changed_at, EventKind.EMAILED))
        return events

    async def _nothing_made(self, link: PaymentLink, operation: Operation, error: AppError, *, is_repeat: bool) -> None:
        """This call made nothing. After a repeat the first call may still have: then the row stays to be checked."""
        is_refused = isinstance(error, Refused)
        kind = EventKind.CREATE_REFUSED if is_refused else EventKind.CREATE_NOT_SENT
        if is_repeat:
            await self._not_confirmed(link, operation, kind, link.note or Note.NOT_CONFIRMED, error)
            return
        stage = Stage.REFUSED if is_refused else Stage.NOT_SENT
        await self._note(
            Withdrawn(link.invoice_number),
            self._ended(operation, stage, str(error)),
            LinkEvent(link.invoice_number, self._session.clock.now(), kind, link.created_by),
        )

    async def _held_back(self, link: PaymentLink, operation: Operation, error: UnsafeLink) -> None:
        """The link exists. Its address waits in the timeline where somebody may still confirm its host."""
        now = self._session.clock.now()
        held = replace(
            link,
            order_reference=error.order_reference,
            state=LinkState.PENDING,
            note=Note.ADDRESS_HELD_BACK,
            evidence=Evidence(Source.CREATE_ANSWER, now),
            changed_at=now,
        )
        events = self._created_events(held, held_facts(error))
        await self._note(held, self._ended(operation, Stage.DONE, "unsafe link"), *events)

    async def _not_confirmed(
        self, link: PaymentLink, operation: Operation, kind: EventKind, note: Note, error: AppError
    ) -> None:
        now = self._session.clock.now()
        event = LinkEvent(link.invoice_number, now, kind, facts={"request": error.details.get("exchange", "")})
        unknown = replace(link, state=LinkState.UNKNOWN, note=note, changed_at=now)
        await self._note(unknown, replace(operation, stage=Stage.UNKNOWN, outcome=str(error)), event)

    async def _exists_already(self, link: PaymentLink, operation: Operation) -> PaymentLink:
        """The service has this number. That counts only when a read shows our amount and currency."""
        now = self._session.clock.now()
        try:
            reading = await self._session.gateway.read_order(link.order_reference or link.invoice_number)
        except (NotSent, OutcomeUnknown) as error:
            await self._not_confirmed(link, operation, EventKind.CREATE_UNKNOWN, Note.NOT_CONFIRMED, error)
            raise OutcomeUnknown(Trouble.CUT, details=error.details) from error
        except Refused as error:
            # It exists and nothing more can be learnt: the create has ended, so that the link can be cancelled.
            await self._note(
                replace(link, state=LinkState.UNKNOWN, note=Note.ADDRESS_LOST, changed_at=now),
                self._ended(operation, Stage.SETTLED, "exists, address lost"),
                LinkEvent(link.invoice_number, now, EventKind.CREATE_UNKNOWN),
            )
            raise OutcomeUnknown(Trouble.CUT, details=error.details) from error
        if not amount_matches(link, reading):
            learnt = learn(link, reading, now)
            await self._note(
                replace(learnt.link, state=LinkState.UNKNOWN, note=Note.AMOUNT_DIFFERS),
                replace(operation, stage=Stage.UNKNOWN, outcome="amount differs"),
                *learnt.events,
            )
            raise OutcomeUnknown(Trouble.BAD_ANSWER)
        learnt = learn(replace(link, order_reference=reading.order_reference), reading, now)
        await self._session.keep(learnt.link, self._ended(operation, Stage.SETTLED, "exists already"), *learnt.events)
        return learnt.link

    def _ended(self, operation: Operation, stage: Stage, outcome: str) -> Operation:
        return replace(operation, stage=stage, outcome=outcome, changed_at=self._session.clock.now())
