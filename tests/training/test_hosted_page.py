"""The payment page: what the customer sees and may do."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from optty_desktop.training.lifecycle import Refused
from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop, TurnedClock

JSON = {"accept": "application/json"}


@pytest.fixture
def page(shop: Shop) -> str:
    return urlsplit(str(shop.create(description="<script>cake</script> & tea").json()["link"])).path


def test_the_page_shows_shop_amount_and_text_escaped(shop: Shop, server: TrainingServer, page: str) -> None:
    answer = shop.http.get(page)
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for text in ("TRAINING", "Training shop", "USD 64.00", "&lt;script&gt;cake&lt;/script&gt; &amp; tea"):
        assert text in answer.text
    assert "<script" not in answer.text
    assert server.ledger.link("T1-0001").opened_at is not None


def test_the_buttons_follow_the_state(shop: Shop, page: str) -> None:
    fresh = shop.http.get(page).text
    assert all(text in fresh for text in ("Pay now", "Card is declined", "Pay in 1 minute"))
    assert "Cancel payment" not in fresh
    shop.http.post(f"{page}/start")
    running = shop.http.get(page).text
    assert "Cancel payment" in running
    assert "in progress" in running
    shop.http.post(f"{page}/pay")
    paid = shop.http.get(page).text
    assert "Paid. Thank you." in paid
    assert "<button" not in paid


def test_a_browser_is_sent_back_to_where_it_came_from(shop: Shop, page: str) -> None:
    answer = shop.http.post(f"{page}/decline")
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert "try again" in shop.http.get(page).text
    answer = shop.http.post(f"{page}/pay?back=list")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_programs_speak_json(shop: Shop, page: str) -> None:
    assert shop.http.get(page, headers=JSON).json() == {
        "invoiceNumber": "T1-0001",
        "status": "CREATED",
        "text": "Ready to pay.",
    }
    assert shop.http.post(f"{page}/pay", headers=JSON).json()["status"] == "PAID"
    refused = shop.http.post(f"{page}/pay", headers=JSON)
    assert refused.status_code == 409
    assert refused.json() == {"statusCode": 409, "message": "This link is already paid", "error": "Conflict"}


@pytest.mark.parametrize("action", ["pay", "decline", "late", "start", "fail"])
def test_a_paid_link_takes_no_second_payment(shop: Shop, server: TrainingServer, page: str, action: str) -> None:
    shop.http.post(f"{page}/pay")
    answer = shop.http.post(f"{page}/{action}")
    assert answer.status_code == 409
    assert "This link is already paid" in answer.text
    assert len(server.ledger.link("T1-0001").orders) == 1


def test_only_one_attempt_runs_at_a_time(shop: Shop, server: TrainingServer, page: str) -> None:
    shop.http.post(f"{page}/start")
    assert shop.http.post(f"{page}/start").status_code == 409
    assert shop.http.post(f"{page}/cancel").status_code == 303
    assert shop.http.post(f"{page}/cancel").status_code == 409
    assert len(server.ledger.link("T1-0001").orders) == 1


def test_a_cancelled_link_says_so_and_takes_nothing(shop: Shop, page: str) -> None:
    shop.cancel_or_refund()
    text = shop.http.get(page).text
    assert "This link was cancelled" in text
    assert "<button" not in text
    assert shop.http.post(f"{page}/pay").status_code == 409


def test_an_expired_link_says_so_and_takes_nothing(
    shop: Shop, server: TrainingServer, clock: TurnedClock, page: str
) -> None:
    clock.turn(30 * 86400)
    text = shop.http.get(page).text
    assert "This link has expired." in text
    assert "<button" not in text
    with pytest.raises(Refused, match="expired"):
        server.customer.pay("T1-0001")


def test_an_attempt_that_runs_may_finish_after_the_due_date(
    server: TrainingServer, clock: TurnedClock, page: str
) -> None:
    server.customer.start("T1-0001")
    clock.turn(30 * 86400)
    assert server.customer.pay("T1-0001").status == "PAID"


def test_paying_late_takes_a_minute(shop: Shop, server: TrainingServer, clock: TurnedClock, page: str) -> None:
    shop.http.post(f"{page}/late")
    clock.turn(59)
    assert server.ledger.link("T1-0001").status == "PENDING"
    clock.turn(1)
    assert server.ledger.link("T1-0001").status == "PAID"


@pytest.mark.parametrize("path", ["/pay/nothing", "/pay/nothing/pay"])
def test_an_unknown_page_is_not_found(shop: Shop, path: str) -> None:
    method = "POST" if path.endswith("/pay") else "GET"
    answer = shop.http.request(method, path)
    assert answer.status_code == 404
    assert "This link does not exist" in answer.text
    assert shop.http.request(method, path, headers=JSON).json()["message"] == "Link not found"


def test_an_unknown_action_is_not_found(shop: Shop, server: TrainingServer, page: str) -> None:
    assert shop.http.post(f"{page}/steal").status_code == 404
    assert server.ledger.link("T1-0001").orders == ()


def test_the_list_shows_every_link_with_its_state(shop: Shop, server: TrainingServer) -> None:
    assert "No practice links yet." in shop.http.get("/").text
    for number in ("T1-1", "T1-2", "T1-3"):
        shop.create(number)
    server.customer.pay("T1-1")
    server.ledger.cancel_or_refund("T1-1")
    text = shop.http.get("/").text
    assert text.index("T1-3") < text.index("T1-2") < text.index("T1-1")
    assert "Your money has been sent back." in text
    assert text.count("Pay now") == 2
    assert "customer@example.com" not in text
