"""Which pane stands where, for every size of the window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.ui.pane_layout import READY_WIDTH, Leading, arrange

WIDTHS = st.integers(320, 4000)
HEIGHTS = st.integers(240, 2400)


@pytest.mark.parametrize(
    ("width", "has_detail", "is_ready", "leading", "leading_width", "has_table", "detail_width"),
    [
        (1920, False, False, Leading.FORM, 400, True, 0),
        (1920, True, False, Leading.FORM, 400, True, 400),
        (1920, True, True, Leading.READY, 664, True, 400),
        (1919, False, False, Leading.FORM, 356, True, 0),
        (1366, True, False, Leading.FORM, 356, True, 324),
        (1366, False, True, Leading.READY, 664, True, 0),
        (1366, True, True, Leading.DETAIL, 356, True, 0),
        (1360, False, False, Leading.FORM, 356, True, 0),
        (1359, False, False, Leading.FORM, 332, True, 0),
        (1024, True, False, Leading.DETAIL, 332, True, 0),
        (1024, False, True, Leading.READY, 664, True, 0),
        (960, False, False, Leading.FORM, 332, True, 0),
        (960, False, True, Leading.READY, 0, False, 0),
        (960, True, True, Leading.DETAIL, 332, True, 0),
        (959, False, False, Leading.FORM, 0, False, 0),
        (959, True, False, Leading.DETAIL, 0, False, 0),
    ],
)
def test_the_table_of_sizes(
    width: int,
    has_detail: bool,
    is_ready: bool,
    leading: Leading,
    leading_width: int,
    has_table: bool,
    detail_width: int,
) -> None:
    plan = arrange(width, 696, has_detail=has_detail, is_ready=is_ready)
    assert (plan.leading, plan.leading_width) == (leading, leading_width)
    assert (plan.has_table, plan.detail_width) == (has_table, detail_width)


@pytest.mark.parametrize(("height", "is_condensed"), [(640, False), (639, True)])
def test_low_windows_are_condensed(height: int, is_condensed: bool) -> None:
    assert arrange(1366, height, has_detail=False, is_ready=False).is_condensed is is_condensed


def test_the_switch_of_a_narrow_window() -> None:
    table = arrange(683, 384, has_detail=False, is_ready=False, wants_table=True)
    assert (table.leading, table.has_table, table.has_switch) == (Leading.NOTHING, True, True)
    form = arrange(683, 384, has_detail=False, is_ready=False)
    assert (form.leading, form.has_table, form.has_switch) == (Leading.FORM, False, True)
    assert not arrange(683, 384, has_detail=True, is_ready=False, wants_table=True).has_switch


@given(WIDTHS, HEIGHTS, st.booleans(), st.booleans(), st.booleans())
def test_something_is_always_shown_and_the_table_keeps_room(
    width: int, height: int, has_detail: bool, is_ready: bool, wants_table: bool
) -> None:
    plan = arrange(width, height, has_detail=has_detail, is_ready=is_ready, wants_table=wants_table)
    assert plan.has_table or plan.leading is not Leading.NOTHING
    if plan.has_table and plan.leading is not Leading.NOTHING:
        assert width - plan.leading_width - plan.detail_width >= 344
    if has_detail:
        assert plan.leading is Leading.DETAIL or plan.detail_width > 0
    if is_ready and not has_detail:
        assert plan.leading is Leading.READY or (plan.has_switch and wants_table)
        assert plan.leading_width in (0, READY_WIDTH)
