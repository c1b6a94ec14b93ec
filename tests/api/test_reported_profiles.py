"""The switch for reported payments in a profile and in a policy: off unless somebody has turned it on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optty_desktop.api.environments import LIVE, SANDBOX, load_environments
from optty_desktop.api.profile_writing import write_profile
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.policy import Policy
from optty_desktop.core.profile_changes import ProfileField, changes

ON = replace(LIVE, show_reported_payments=True)
FILE = "/etc/policy.toml"


def loaded(file: Path) -> dict[str, Environment]:
    return {one.id: one for one in load_environments(file)}


def test_it_is_off_and_the_file_turns_it_on(tmp_path: Path) -> None:
    file = tmp_path / "environments.toml"
    assert not any(one.show_reported_payments for one in loaded(file).values())
    file.write_text('[[environment]]\nid = "live"\nshow_reported_payments = true\n', encoding="utf-8")
    assert loaded(file)["live"] == ON
    assert loaded(file)["sandbox"] == SANDBOX


@pytest.mark.parametrize("value", ['"yes"', "1", "[]"])
def test_anything_but_true_and_false_is_refused_with_its_line(tmp_path: Path, value: str) -> None:
    file = tmp_path / "environments.toml"
    file.write_text(f'[[environment]]\nid = "live"\nshow_reported_payments = {value}\n', encoding="utf-8")
    with pytest.raises(ProfileProblem, match=r"line 1.*show_reported_payments must be true or false"):
        load_environments(file)


def test_turning_it_on_and_off_again_leaves_the_file_as_a_person_wrote_it(tmp_path: Path) -> None:
    file = tmp_path / "environments.toml"
    text = '# ours\n[[environment]]\nid = "live"\nname = "Shop"\n'
    file.write_text(text, encoding="utf-8")
    shop = loaded(file)["live"]
    write_profile(file, replace(shop, show_reported_payments=True))
    assert loaded(file)["live"].show_reported_payments
    write_profile(file, shop)
    assert file.read_text(encoding="utf-8") == text


def test_the_question_and_the_audit_name_the_change() -> None:
    (change,) = changes(LIVE, ON)
    assert (change.field, change.old, change.new) == (ProfileField.SHOW_REPORTED, "", "true")


@pytest.mark.parametrize("is_on", [True, False])
def test_a_policy_takes_the_place_of_every_profiles_switch(is_on: bool) -> None:
    policy = Policy(FILE, show_reported_payments=is_on)
    sandbox, live = policy.permitted((SANDBOX, ON))
    assert (sandbox.show_reported_payments, live.show_reported_payments) == (is_on, is_on)
    policy.check(live)
    with pytest.raises(ProfileProblem, match="sets whether reported payments are shown"):
        policy.check(replace(live, show_reported_payments=not is_on))
    assert policy.own(live, ON) == ON, "what the policy put there is not written into the profile"


def test_without_a_word_in_the_policy_the_profile_decides() -> None:
    assert Policy(FILE).permitted((SANDBOX, ON)) == (SANDBOX, ON)
    Policy(FILE).check(ON)
