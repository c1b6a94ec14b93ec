"""The change log that goes with the program: in the form that the window reads, and for the people at the till."""

from __future__ import annotations

import re

from optty_desktop import __version__
from optty_desktop.core.change_log import read_change_log
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.ui.assets import change_log
from tests.source_tree import ROOT

LOG = ROOT / "packaging" / "CHANGELOG.md"
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_every_entry_is_read_as_a_whole_sentence() -> None:
    text = LOG.read_text(encoding="utf-8").replace("## [Unreleased]", "## [9999.0.0]")
    releases = read_change_log(text)
    changes = [one for release in releases for one in release.changes]
    entries = [entry for one in changes for entry in one.entries]
    assert len(entries) == len(re.findall(r"^- ", text, re.MULTILINE)) > 0
    assert {one.kind for one in changes} <= KINDS
    assert [entry for entry in entries if not entry.endswith(".") or re.search(r"[`*]|\]\(", entry)] == []


def test_no_version_is_in_it_that_is_not_there_yet() -> None:
    running = ReleaseNumber.parse(__version__)
    assert [release.number for release in read_change_log(LOG.read_text("utf-8")) if release.number > running] == []


def test_the_program_finds_it() -> None:
    assert change_log().read_bytes() == LOG.read_bytes()
