"""Rescue the record: when it is damaged, go on from its newest whole copy, or from an empty one."""

from datetime import date

from optty_desktop.core.ports import Clock, RecordRescuer


class RescueRecord:
    """The verb. Nobody has the record open while it works; all of it raises JournalProblem and can be repeated.

    It asks for no right: a damaged record must not stop a shop, and money waits until somebody has compared the new
    one (`confirm_rebuilt`).
    """

    def __init__(self, rescuer: RecordRescuer, clock: Clock) -> None:
        self._rescuer = rescuer
        self._clock = clock

    async def newest_copy(self, environment_id: str) -> date | None:
        """The day of the newest copy that is whole; None where a new record is all there can be."""
        return await self._rescuer.newest_copy(environment_id)

    async def replace(self, environment_id: str, copy_day: date | None) -> None:
        """Set the record aside and go on with the copy of that day, or with a new record for None.

        Raises JournalDamaged when that copy is damaged too: an older one may be whole.
        """
        if copy_day is None:
            await self._rescuer.begin_anew(environment_id, self._clock.now())
        else:
            await self._rescuer.use_copy(environment_id, copy_day, self._clock.now())
