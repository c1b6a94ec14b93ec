"""Journals of these tests lie in memory where that can be: kills, locks and damage are no different there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journal.places import new_folder


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give the test a folder of its own."""
    with new_folder() as folder:
        yield folder
