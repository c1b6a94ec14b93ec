"""The command ``diagnose``: the support file without a window, a display or a keychain."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from optty_desktop.api.environments import LIVE, load_environments
from optty_desktop.audit_command import audit_file
from optty_desktop.core.diagnosis import Diagnosis
from optty_desktop.core.diagnosis_text import report_of
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.network import Way
from optty_desktop.core.policy import Policy
from optty_desktop.desktop_proxy import desktop_proxy
from optty_desktop.journal.inspection import inspect_journals
from optty_desktop.shop_files import network_in_force
from optty_desktop.support_file import free_room, newest_calls, newest_failures, versions
from optty_desktop.system.log_tail import log_tail
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.policy_settings import load_policy
from optty_desktop.system.private_text import write_private_text
from optty_desktop.way_out import way_of


def run_diagnose(output: Path | None) -> int:
    """Print the support file, or write it to ``output``. Returns the exit code; what went wrong is on standard error.

    A window may run meanwhile: its record is then reported as in use.
    """
    text = report_of(diagnosis_of(AppPaths.of_this_person()))
    if output is None:
        _print(text)
        return 0
    try:
        write_private_text(output, text)
    except OSError as error:
        sys.stderr.write(f"The support file cannot be written to {output} ({error.strerror}). Name another place\n")
        return 1
    return 0


def diagnosis_of(paths: AppPaths) -> Diagnosis:
    """Return what can be known of a till without being it: no calls of its own, no screens."""
    tail = log_tail(paths.logs)
    policy = _policy(paths)
    return Diagnosis(
        at=datetime.now(UTC),
        versions=versions(),
        way=_way(paths, policy or Policy()),
        environments=_environments(paths, policy or Policy()),
        policy=policy,
        journals=tuple(inspect_journals(paths.journal_folder)),
        calls=newest_calls(tail),
        unexpected=newest_failures(tail),
        free_bytes=free_room(paths.data),
        audit=audit_file(paths).facts(),
    )


def _policy(paths: AppPaths) -> Policy | None:
    try:
        return load_policy(paths.policies) or Policy()
    except ProfileProblem:
        return None


def _environments(paths: AppPaths, policy: Policy) -> tuple[Environment, ...] | None:
    try:
        return policy.permitted(load_environments(paths.environments_file))
    except ProfileProblem:
        return None


def _way(paths: AppPaths, policy: Policy) -> Way | None:
    try:
        settings = network_in_force(policy, paths)
    except ProfileProblem:
        return None
    return way_of(settings, desktop_proxy(LIVE.api_url) if settings.asks_system else settings.proxy)


def _print(text: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # The name of an environment may hold letters that an old terminal has not.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(text)
