"""Letting go of what was kept long enough, or before its time when asked; the servers drop it a day later anyway."""

from optty_desktop.relay.jetstream.facts import Facts
from optty_desktop.relay.jetstream.layout import HINTS, QUARANTINE, shop_of, subject_of
from optty_desktop.relay.jetstream.link import Link
from optty_desktop.relay.jetstream.reading import aside_in, hint_in, messages
from optty_desktop.relay.jetstream.tail import Place


async def drop_old(link: Link, facts: Facts, before: int) -> int:
    """Drop what came in before a stamp; return how many bodies went.

    The newest place of each shop stays known, so that a till that has read everything need not begin anew.
    """
    dropped, ends, first = set[int](), dict[str, Place](), 0
    async for kept in messages(link, HINTS, "hint.>"):
        if (hint := hint_in(kept)) is None:
            continue
        if hint.received_at > before:
            break
        dropped.add(hint.seq)
        first = hint.seq + 1
        ends[shop_of(kept.subject)] = hint.place
    await facts.catch_up()  # what somebody erased a moment ago is old, too
    await facts.drop_earlier()
    erased = facts.erased_before(before)
    for shop, hint in erased:
        ends[shop] = max(hint.place, ends.get(shop, hint.place), key=lambda place: place.seq)
    for shop, place in ends.items():
        if await link.next_from(HINTS, subject_of(shop), place.seq + 1) is None:
            await facts.keep_end(shop, place)
    if first:
        await link.purge(HINTS, first)
    for _, hint in erased:
        dropped.add(hint.seq)  # both, where an erasure was cut short
        await facts.drop_erased(hint)
    return len(dropped) + await _drop_aside(link, before)


async def _drop_aside(link: Link, before: int) -> int:
    dropped, first = 0, 0
    async for kept in messages(link, QUARANTINE, "quarantine.>"):
        if (facts := aside_in(kept)) is None:
            continue
        if facts["received_at"] > before:
            break
        dropped, first = dropped + 1, kept.seq + 1
    if first:
        await link.purge(QUARANTINE, first)
    return dropped


async def erase(link: Link, facts: Facts, invoice: str) -> int:
    """Erase every body about a link before its time; return how many. Its hints keep their numbers."""
    erased = 0
    async for kept in messages(link, HINTS, "hint.>"):
        hint = hint_in(kept)
        if hint is not None and hint.invoice == invoice:
            await facts.keep_erased(shop_of(kept.subject), hint)
            erased += await link.delete(HINTS, kept.seq)
    async for kept in messages(link, QUARANTINE, "quarantine.>", is_thin=False):
        if invoice.encode() in kept.data:
            erased += await link.delete(QUARANTINE, kept.seq)
    return erased
