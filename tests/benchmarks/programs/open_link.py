"""A till with one open link that is in the table and not on the ready pane. Ends on SIGTERM."""

import asyncio
import signal
import sys
from time import monotonic

from tests.benchmarks.programs.till import Till, run_till
from tests.benchmarks.programs.told import tell
from tests.waiting import until


async def work(till: Till) -> None:
    """Make the link, go back to the form, and wait for the end."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    till.fill_form()
    till.desk.page.form.submit()
    await until(lambda: till.desk.page.ready.code is not None)
    till.desk.page.ready.new_link_requested.emit()
    tell(painted=monotonic())
    await stop.wait()


if __name__ == "__main__":
    sys.exit(run_till(work))
