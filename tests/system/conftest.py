"""What of this computer is there to be tested."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("jeepney") else ["test_desktop_notes.py"]
"""The bus of Linux sessions is spoken on Linux only."""
