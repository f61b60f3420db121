"""Who sees which sale, and what they may do to it."""

from datetime import timedelta

from app.extensions import db
from app.sales.models import Sale
from tests.sales.factories import make_sale, make_step_rule, today


def rows(page):
    return len(page.all("#sales tbody tr"))


def test_a_sale_of_another_team_is_not_there(as_luis, as_omar, cast):
    sale = make_sale(cast.ana)
    for client in (as_luis, as_omar):
        assert client.get(f"/sales/{sale.id}").status == 404
        assert client.post(f"/sales/{sale.id}/void", {"reason": "x"}).status == 404
        assert rows(client.get("/sales")) == 0


def test_a_colleague_sees_a_sale_only_with_credit_in_it(as_person, cast):
    bea = as_person(cast.bea)
    alone, shared = make_sale(cast.ana), make_sale(cast.ana, shares={cast.ana.id: 5000, cast.bea.id: 5000})
    assert bea.get(f"/sales/{alone.id}").status == 404
    page = bea.get(f"/sales/{shared.id}")
    assert page.status == 200
    assert not page.all(".menu [href*=correction]")
    assert bea.get(f"/sales/{shared.id}/correction").status == 403


def test_a_department_sees_the_sales_that_are_in_its_step(as_eva, cast):
    make_step_rule("promise")
    make_step_rule("deliver", cast.logistics)
    to_promise = make_sale(cast.ana)
    to_deliver = make_sale(cast.ana, promised_on=today())
    lost = make_sale(cast.ana, stage="lost")
    assert as_eva.get(f"/sales/{to_promise.id}").status == 404
    assert as_eva.get(f"/sales/{lost.id}").status == 404
    assert as_eva.get(f"/sales/{to_deliver.id}").status == 200
    done = {"step": "deliver", "on": today().isoformat(), "version": "1"}
    assert as_eva.hx_post(f"/sales/{to_deliver.id}/steps", done).status == 200
    assert as_eva.get(f"/sales/{to_deliver.id}").status == 200
    assert as_eva.post(f"/sales/{to_deliver.id}/steps", done | {"step": "follow_up"}).status == 403


def test_a_rep_mends_a_fresh_win_and_not_an_old_one(as_ana, as_marta, cast):
    fresh = make_sale(cast.ana, closed_on=today() - timedelta(days=3))
    old = make_sale(cast.ana, closed_on=today() - timedelta(days=4))
    assert as_ana.get(f"/sales/{fresh.id}/correction").status == 200
    assert as_ana.get(f"/sales/{old.id}/correction").status == 403
    assert as_marta.get(f"/sales/{old.id}/correction").status == 200


def test_an_executive_sees_all_and_changes_nothing(as_ximena, cast):
    sale = make_sale(cast.ana)
    page = as_ximena.get(f"/sales/{sale.id}")
    assert page.status == 200
    assert not page.all("#sale form")
    assert as_ximena.post(f"/sales/{sale.id}/steps", {"step": "deliver"}).status == 404


def test_hr_reads_no_sales(as_hilda, cast):
    assert as_hilda.get(f"/sales/{make_sale(cast.ana).id}").status == 404
    assert as_hilda.get("/sales").status == 404


def test_a_manager_sees_her_people_on_one_list_and_a_rep_only_their_own(as_marta, as_ana, cast):
    make_sale(cast.ana), make_sale(cast.bea), make_sale(cast.luis)
    assert rows(as_marta.get("/sales")) == 2
    assert rows(as_ana.get("/sales")) == 1
    assert rows(as_ana.get(f"/sales?rep={cast.bea.id}")) == 0
    assert db.session.query(Sale).count() == 3
