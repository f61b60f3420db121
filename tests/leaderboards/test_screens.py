"""Screens on a wall: a link, read only, taken back at once; a new win is celebrated, named as wished."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.audit import AuditEntry
from app.core.changes import changes
from app.extensions import db
from app.leaderboards.models import TvLink
from app.leaderboards.operations import create_screen, revoke_screen
from app.leaderboards.routes import tv as tv_routes
from app.people.operations import leave
from app.sales.models import Sale, Stage
from app.sales.operations import advance_sale, correct_sale
from tests.leaderboards.factories import make_crowd, names, said_again
from tests.sales.factories import make_product, make_sale

REVENUE = {"metric": "revenue", "period": "month"}


@pytest.fixture
def screen(cast) -> tuple[TvLink, str]:
    tv_routes._seen.clear()
    found, token = create_screen("Hall", [REVENUE], seconds=15, locale="en_US", by=cast.marta.id)
    assert token
    return found, f"/tv/{token}"


def celebrated(page):
    return [(tag["data-name"], tag["data-what"]) for tag in page.all("[data-celebrate]")]


def filled(page, **changed):
    return page.form_data() | {"name": "Hall", "boards-0-metric": "revenue"} | changed


def test_a_link_is_made_shown_once_and_opens_without_signing_in(as_marta, anonymous, cast):
    make_sale(cast.ana)
    made = as_marta.post("/standings/screens", filled(as_marta.get("/standings/screens/new"), seconds="7"))
    url = str(made.one("#screen-url")["value"])
    page = anonymous.get(url.removeprefix("http://localhost"))
    assert page.status == 200
    assert page.text_of("h1") == "Hall"
    assert names(page) == ["Ana Alonso"]
    assert page.one("[data-rotate]")["data-rotate"] == "7"
    assert not page.all("nav, form, main a"), "read only, nowhere to go"
    token = url.rpartition("/")[2]
    assert token not in as_marta.get("/standings/screens").html
    assert not db.session.scalar(db.select(TvLink.id).where(TvLink.name.contains(token)))


def test_the_same_form_twice_makes_one_screen(as_marta):
    data = filled(as_marta.get("/standings/screens/new"))
    as_marta.post("/standings/screens", data)
    again = as_marta.post("/standings/screens", data)
    assert again.location == "/standings/screens"
    assert len(db.session.scalars(db.select(TvLink)).all()) == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"seconds": "2"}, "5"),
        ({"boards-0-metric": ""}, "at least one board"),
        ({"boards-0-metric": "nonsense"}, "choice"),
    ],
)
def test_a_form_that_makes_no_sense_says_why(as_marta, changed, message):
    page = as_marta.post("/standings/screens", filled(as_marta.get("/standings/screens/new"), **changed))
    assert page.status == 422
    assert message in page.text


def test_a_link_that_was_taken_back_opens_nothing_also_where_it_is_open(as_marta, anonymous, screen):
    link, url = screen
    tag = anonymous.hx_get(f"{url}/boards").headers["HX-PTag"]
    assert anonymous.hx_get(f"{url}/boards", headers={"HX-PTag": tag}).status == 304
    as_marta.follow(as_marta.post(f"/standings/screens/{link.id}/revocation"))
    assert anonymous.get(url).status == 404
    assert anonymous.hx_get(f"{url}/boards", headers={"HX-PTag": tag}).status == 404
    assert "Hall" not in as_marta.get("/standings/screens").text_of("main .empty")
    actions = db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["screen.created", "screen.revoked"]


def test_nobody_takes_back_anothers_screen(as_omar, anonymous, screen):
    link, url = screen
    assert as_omar.post(f"/standings/screens/{link.id}/revocation").status == 404
    assert anonymous.get(url).status == 200


def test_when_it_was_last_shown_is_noted_also_by_unchanged_answers(anonymous, screen):
    link, url = screen
    tag = anonymous.hx_get(f"{url}/boards").headers["HX-PTag"]
    link.seen_at = None
    db.session.commit()
    tv_routes._seen.clear()
    anonymous.hx_get(f"{url}/boards", headers={"HX-PTag": tag})
    assert db.session.get_one(TvLink, link.id).seen_at is not None


def test_a_new_win_is_celebrated_by_name_product_and_amount(anonymous, cast, screen):
    make_sale(cast.ana, 1234_00, product=make_product("Rope"))
    assert celebrated(anonymous.hx_get(f"{screen[1]}/boards")) == [("Ana Alonso", "Rope · $1,234")]


def test_who_opted_out_is_celebrated_without_a_name(anonymous, cast, screen):
    cast.ana.is_hidden = True
    db.session.commit()
    make_sale(cast.ana, 1234_00, product=make_product("Rope"))
    page = anonymous.hx_get(f"{screen[1]}/boards")
    assert celebrated(page) == [("A new win", "Rope · $1,234")]
    assert "Ana" not in page.html
    assert names(page) == ["Name not shown"]


def test_old_lost_and_merely_corrected_sales_are_no_news(anonymous, cast, screen):
    make_sale(cast.ana, closed_on=clock.today() - timedelta(days=9))
    make_sale(cast.ana, stage=Stage.LOST)
    old = make_sale(cast.ana, 500_00)
    long_ago = clock.now() - timedelta(hours=2)
    db.session.execute(
        db.update(Sale).where(Sale.id == old.id).values(created_at=long_ago, updated_at=long_ago)
    )
    db.session.commit()
    correct_sale(
        db.session.get_one(Sale, old.id), said_again(old, amount=600_00), by_id=cast.marta.id, reason="Typo"
    )
    assert celebrated(anonymous.hx_get(f"{screen[1]}/boards")) == []


def test_a_sale_that_was_open_for_long_is_news_when_it_is_won(anonymous, cast, screen):
    rope = make_product("Rope")
    sale = make_sale(cast.ana, 500_00, stage=Stage.OPEN, closed_on=None, product=rope)
    long_ago = clock.now() - timedelta(days=30)
    db.session.execute(
        db.update(Sale).where(Sale.id == sale.id).values(created_at=long_ago, updated_at=long_ago)
    )
    db.session.commit()
    sale = db.session.get_one(Sale, sale.id)
    won = said_again(sale, stage=Stage.WON, closed_on=clock.today(), amount=700_00)
    correct_sale(sale, won, by_id=cast.ana.id, reason="Signed")
    assert celebrated(anonymous.hx_get(f"{screen[1]}/boards")) == [("Ana Alonso", "Rope · $700")]


def test_a_screen_that_is_loaded_anew_in_a_quiet_hour_celebrates_nothing_old(
    anonymous, cast, screen, monkeypatch
):
    monkeypatch.setattr(changes, "is_live", True)  # answers are kept, and nothing changes from here on
    make_sale(cast.ana, 1234_00, product=make_product("Rope"))
    assert celebrated(anonymous.hx_get(f"{screen[1]}/boards"))
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=4))
    assert celebrated(anonymous.hx_get(f"{screen[1]}/boards"))
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=6))
    assert celebrated(anonymous.get(screen[1])) == []
    assert celebrated(anonymous.hx_get(f"{screen[1]}/boards")) == []


def test_what_is_done_to_a_sale_after_its_win_is_no_news(anonymous, cast, screen, monkeypatch):
    sale = make_sale(cast.ana)
    began = clock.now()
    advance_sale(sale, by_id=cast.ana.id, promised_on=clock.today())
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=6))
    db.session.execute(
        db.update(Sale).where(Sale.id == sale.id).values(updated_at=began + timedelta(minutes=5))
    )
    assert celebrated(anonymous.hx_get(f"{screen[1]}/boards")) == []


def test_a_teams_screen_celebrates_that_team(anonymous, cast):
    _, token = create_screen(
        "Sur", [REVENUE | {"team": str(cast.sur.id)}], seconds=20, locale=None, by=cast.omar.id
    )
    make_sale(cast.ana)
    make_sale(cast.luis)
    page = anonymous.hx_get(f"/tv/{token}/boards")
    assert [name for name, _ in celebrated(page)] == ["Luis Lago"]
    assert names(page) == ["Luis Lago"]


def test_a_screen_shows_the_top_and_never_the_bottom(anonymous, screen):
    crowd = make_crowd(30)
    assert names(anonymous.get(screen[1])) == [person.name for person in crowd[:7]]


def test_a_screen_speaks_its_own_language_and_counts_the_running_period(anonymous, cast):
    _, token = create_screen(
        "Sala",
        [REVENUE, {"metric": "deals_won", "period": "year", "compare": "teams"}],
        seconds=20,
        locale="es_ES",
        by=cast.alba.id,
    )
    make_sale(cast.luis)
    page = anonymous.get(f"/tv/{token}")
    assert page.one("html")["lang"] == "es"
    titles = [" ".join(tag.get_text().split()) for tag in page.all("[data-board] h2")]
    assert titles[0].startswith("Ingresos")
    assert str(clock.today().year) in titles[1]
    assert [names_of.get_text() for names_of in page.all("[data-board]")[1].select(".standings__name")] == [
        "Sur"
    ]


def test_a_screen_whose_metric_or_team_is_gone_shows_something(anonymous, cast):
    _, token = create_screen(
        "Old",
        [{"metric": "gone", "period": "month", "team": "99999"}],
        seconds=20,
        locale=None,
        by=cast.alba.id,
    )
    assert anonymous.get(f"/tv/{token}").status == 200


def test_taking_back_twice_changes_nothing(cast, screen):
    link, _ = screen
    revoke_screen(link, by=cast.marta.id)
    first = link.revoked_at
    revoke_screen(link, by=cast.marta.id)
    assert link.revoked_at == first


def test_a_screen_goes_dark_when_its_maker_leaves(cast, anonymous):
    _, token = create_screen("Hall", [REVENUE], seconds=15, locale="en_US", by=cast.marta.id)
    assert anonymous.get(f"/tv/{token}").status == 200
    leave(cast.marta, clock.today(), by_id=cast.alba.id)
    assert anonymous.get(f"/tv/{token}").status == 404
