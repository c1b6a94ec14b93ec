"""Which pane stands where, for a window of a given size. Plain rules without widgets."""

from enum import StrEnum
from typing import NamedTuple

LARGE, EXTRA_LARGE, SMALL = 1360, 1920, 960
CONDENSED_HEIGHT = 640
READY_WIDTH = 664
TABLE_BESIDE_READY = 353
"""What the table takes beside the fresh link: its views on one line, the hairline and the frame."""


class Leading(StrEnum):
    """What the pane on the leading side shows."""

    FORM = "form"
    READY = "ready"
    DETAIL = "detail"
    NOTHING = "nothing"


class Arrangement(NamedTuple):
    """Panes from the leading to the trailing side. Widths in pixels; 0 means: all that is there.

    ``detail_width`` is 0 when the detail is not on the trailing side.
    """

    leading: Leading
    leading_width: int
    has_table: bool
    detail_width: int
    has_switch: bool
    is_condensed: bool
    is_compact: bool


def arrange(width: int, height: int, *, has_detail: bool, is_ready: bool, wants_table: bool = False) -> Arrangement:
    """The arrangement for a window of this size, its band and header included.

    ``has_detail``: a link's detail is open; ``is_ready``: a link just made is shown; ``wants_table``: what the switch
    of a narrow window says. Sizes are device independent: a window at 200 % text has half the room.
    """
    condensed = height < CONDENSED_HEIGHT
    if width < SMALL:
        return _one_pane(has_detail=has_detail, is_ready=is_ready, wants_table=wants_table, condensed=condensed)
    if width < LARGE:
        leading = Leading.DETAIL if has_detail else Leading.READY if is_ready else Leading.FORM
        if leading is Leading.READY and width < READY_WIDTH + TABLE_BESIDE_READY:
            return _one_pane(has_detail=False, is_ready=True, wants_table=wants_table, condensed=condensed)
        leading_width = READY_WIDTH if leading is Leading.READY else 332
        return Arrangement(leading, leading_width, True, 0, False, condensed, True)
    detail = 400 if width >= EXTRA_LARGE else 324
    form = 400 if width >= EXTRA_LARGE else 356
    if width < EXTRA_LARGE and has_detail and is_ready:
        return Arrangement(Leading.DETAIL, form, True, 0, False, condensed, False)
    leading = Leading.READY if is_ready else Leading.FORM
    leading_width = READY_WIDTH if is_ready else form
    return Arrangement(leading, leading_width, True, detail if has_detail else 0, False, condensed, False)


def _one_pane(*, has_detail: bool, is_ready: bool, wants_table: bool, condensed: bool) -> Arrangement:
    if has_detail:
        return Arrangement(Leading.DETAIL, 0, False, 0, False, condensed, True)
    if wants_table:
        return Arrangement(Leading.NOTHING, 0, True, 0, True, condensed, True)
    return Arrangement(Leading.READY if is_ready else Leading.FORM, 0, False, 0, True, condensed, True)
