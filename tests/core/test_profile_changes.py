"""What differs between two profiles, and what follows from a change that was typed."""

from __future__ import annotations

from dataclasses import replace

from optty_desktop.core.environments import EnvironmentKind, Imported, RefundWith, RouteTemplate
from optty_desktop.core.profile_changes import Change, ProfileField, changed_by_hand, changes
from tests.fakes import LIVE, START

TYPED = RouteTemplate("POST", "/links/{invoiceNumber}/end")
COLLECTION = Imported("shop.postman_collection.json", "5f" * 32, START)


def test_each_field_is_told_by_itself_in_the_order_of_the_form() -> None:
    after = replace(
        LIVE, name="Shop", api_url="https://api.shop.example", link_hosts=("a.example", "b.example"),
        refund_with=RefundWith.ORDER, cancel_or_refund=replace(TYPED, body='{"n":"{invoiceNumber}"}'),
    )  # fmt: skip
    assert changes(LIVE, after) == (
        Change(ProfileField.NAME, "Live", "Shop"),
        Change(ProfileField.API_URL, "http://127.0.0.1:1", "https://api.shop.example"),
        Change(ProfileField.LINK_HOSTS, "127.0.0.1", "a.example, b.example"),
        Change(ProfileField.REFUND_WITH, "link", "order"),
        Change(
            ProfileField.ROUTE, "POST /training/links/{invoiceNumber}/cancel-or-refund",
            "POST /links/{invoiceNumber}/end",
        ),
        Change(ProfileField.BODY, "", '{"n":"{invoiceNumber}"}'),
    )  # fmt: skip


def test_what_people_do_not_see_is_no_change() -> None:
    before = replace(LIVE, cancel_or_refund=TYPED, imported=COLLECTION)
    after = replace(LIVE, cancel_or_refund=replace(TYPED, tried=False))
    assert changes(before, after) == ()
    assert changed_by_hand(before, after) is before


def test_a_new_route_to_real_money_has_not_been_tried() -> None:
    for before in (replace(LIVE, cancel_or_refund=None), LIVE):
        after = changed_by_hand(before, replace(LIVE, cancel_or_refund=TYPED))
        assert after.cancel_or_refund == replace(TYPED, tried=False)


def test_a_new_route_of_the_sandbox_is_where_routes_are_tried() -> None:
    sandbox = replace(LIVE, id="sandbox", kind=EnvironmentKind.SANDBOX)
    assert changed_by_hand(sandbox, replace(sandbox, cancel_or_refund=TYPED)).cancel_or_refund == TYPED


def test_a_route_left_as_it_was_keeps_its_past() -> None:
    before = replace(LIVE, cancel_or_refund=replace(TYPED, tried=False), imported=COLLECTION)
    after = changed_by_hand(before, replace(LIVE, name="Shop", cancel_or_refund=TYPED))
    assert after == replace(before, name="Shop")


def test_a_route_that_was_typed_comes_from_no_file() -> None:
    before = replace(LIVE, cancel_or_refund=TYPED, imported=COLLECTION)
    after = changed_by_hand(before, replace(before, cancel_or_refund=replace(TYPED, method="DELETE")))
    assert after.cancel_or_refund == RouteTemplate("DELETE", TYPED.path, tried=False)
    assert after.imported is None


def test_a_route_taken_away_is_gone() -> None:
    assert changed_by_hand(LIVE, replace(LIVE, cancel_or_refund=None)).cancel_or_refund is None


def test_a_route_at_another_address_has_not_been_tried_there() -> None:
    known = replace(LIVE, cancel_or_refund=TYPED)
    moved = changed_by_hand(known, replace(known, api_url="https://api.elsewhere.example"))
    assert moved.cancel_or_refund == replace(TYPED, tried=False)
    renamed = changed_by_hand(known, replace(known, name="Shop"))
    assert renamed.cancel_or_refund == TYPED
