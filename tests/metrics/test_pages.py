"""Metrics on pages: how each is counted, its records, and making one's own."""

from datetime import date

import pytest
from sqlalchemy import text

from app.core import clock
from app.extensions import db
from app.metrics import check, operations, queries
from app.metrics.preview import last_quarter
from tests.sales.factories import make_activity, make_product, make_sale

MARCH = "from=2026-03-01&to=2026-03-31"


@pytest.fixture
def quarter_day(cast):
    """A day in the last whole quarter."""
    return last_quarter(clock.today())[0]


def test_everybody_reads_how_a_figure_is_counted(as_ana, as_hilda, as_eva):
    for client in (as_ana, as_hilda, as_eva):
        page = client.get("/metrics/win_rate")
        assert page.status == 200
        assert "the customer said yes" in page.text
        assert client.get("/metrics").one("a[href='/metrics/revenue']")


def test_a_metric_explains_itself_in_spanish(cast, as_person):
    page = as_person(cast.ana, "es-ES").get("/metrics/win_rate")
    assert page.text_of("h1") == "Tasa de cierre"
    assert "How is this counted" not in page.text


def test_an_unknown_metric_is_not_found(as_ana):
    assert as_ana.get("/metrics/no_such_thing").status == 404


def test_a_figure_leads_to_its_records_which_add_up_to_it(cast, as_ana):
    make_sale(
        cast.ana, 100_01, date(2026, 3, 3), customer="Acme", shares={cast.ana.id: 6000, cast.luis.id: 4000}
    )
    make_sale(cast.ana, 50_00, date(2026, 3, 31), customer="Brío")
    make_sale(cast.ana, 7_00, date(2026, 4, 1), customer="Cima")
    page = as_ana.get(f"/metrics/revenue/records?person={cast.ana.id}&{MARCH}")
    assert "$110.01" in page.text_of(".stat--big")
    rows = [row.get_text(" ", strip=True) for row in page.all("tbody tr")]
    assert len(rows) == 2
    assert "Brío" in rows[0]
    assert "$50.00" in rows[0]
    assert "Acme" in rows[1]
    assert "$60.01" in rows[1]
    assert page.one("tbody a[href^='/sales/']:-soup-contains('Acme')")


def test_the_records_of_a_ratio_show_both_its_parts(cast, as_marta):
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    make_sale(cast.bea, 100_00, date(2026, 3, 3), stage="lost", lost_reason="price")
    page = as_marta.get(f"/metrics/win_rate/records?team={cast.norte.id}&{MARCH}")
    assert "50%" in page.text_of(".stat--big")
    assert "1 ÷ 2" in page.text
    assert sorted(cell.text for cell in page.all("td[data-label='Counts for']")) == ["0", "1"]


def test_the_records_of_meetings_are_activities(cast, as_ana):
    make_activity(cast.ana, "meeting", date(2026, 3, 5))
    page = as_ana.get(f"/metrics/meetings/records?person={cast.ana.id}&{MARCH}")
    assert page.text_of("tbody th") == "Meeting"


def test_records_beyond_the_viewers_scope_are_not_found(cast, as_ana, as_omar, as_marta, as_hilda, as_luis):
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    of_ana, of_norte = (
        f"/metrics/revenue/records?{key}&{MARCH}"
        for key in (f"person={cast.ana.id}", f"team={cast.norte.id}")
    )
    assert [client.get(of_ana).status for client in (as_ana, as_marta, as_hilda)] == [200, 200, 200]
    assert [client.get(of_ana).status for client in (as_omar, as_luis)] == [404, 404]
    assert [client.get(of_norte).status for client in (as_marta, as_omar)] == [200, 404]
    assert as_marta.get(f"/metrics/revenue/records?team={cast.root.id}&{MARCH}").status == 404
    assert as_hilda.get(f"/metrics/revenue/records?team={cast.root.id}&{MARCH}").status == 200


def test_who_may_not_read_sales_sees_the_figure_and_no_record(cast, as_hilda):
    make_sale(cast.ana, 100_00, date(2026, 3, 3), customer="Acme")
    page = as_hilda.get(f"/metrics/revenue/records?person={cast.ana.id}&{MARCH}")
    assert "$100.00" in page.text_of(".stat--big")
    assert "Acme" not in page.text


def test_a_rep_reads_only_their_own_sales_behind_the_teams_figure(cast, as_ana):
    make_sale(cast.ana, 100_00, date(2026, 3, 3), customer="Acme")
    make_sale(cast.bea, 200_00, date(2026, 3, 3), customer="Konex")
    page = as_ana.get(f"/metrics/revenue/records?team={cast.norte.id}&{MARCH}")
    assert "$300.00" in page.text_of(".stat--big")
    assert "Acme" in page.text_of("tbody")
    assert "Konex" not in page.text


def test_many_records_come_in_pages_under_the_exact_total(cast, as_ana):
    product = make_product()
    for _ in range(51):
        make_sale(cast.ana, 1_00, date(2026, 3, 3), product=product, customer="Acme")
    url = f"/metrics/revenue/records?person={cast.ana.id}&{MARCH}"
    first = as_ana.get(url)
    assert "$51.00" in first.text_of(".stat--big")
    assert len(first.all("tbody tr")) == 50
    second = as_ana.get(f"{url}&page=2")
    assert len(second.all("tbody tr")) == 1
    assert "$51.00" in second.text_of(".stat--big")


def test_days_that_make_no_sense_give_the_running_month(cast, as_ana):
    page = as_ana.get(f"/metrics/revenue/records?person={cast.ana.id}&from=soon&to=2026-02-31")
    assert page.status == 200
    assert "Nothing in these days" in page.text


def test_only_an_administrator_makes_metrics(cast, as_ana, as_marta, as_alba):
    for client in (as_ana, as_marta):
        assert client.get("/metrics/new").status == 404
        assert client.post("/metrics", {"name_en": "Mine"}).status == 404
        assert not client.get("/metrics").all("a[href='/metrics/new']")
    assert as_alba.get("/metrics").one("a[href='/metrics/new']")


def test_an_administrator_sees_last_quarters_figures_before_saving(cast, as_alba, quarter_day):
    gtx, other = make_product("GTX Pro", series="GTX"), make_product("MG", series="MG")
    make_sale(cast.ana, 300_00, quarter_day, product=gtx, customer="Acme")
    make_sale(cast.luis, 100_00, quarter_day, product=gtx, customer="Brío")
    make_sale(cast.luis, 900_00, quarter_day, product=other, customer="Brío")
    data = as_alba.get("/metrics/new").form_data("#metric-form")
    data |= {"name_en": "GTX revenue", "series": "GTX", "conditions": ["won", "kept"]}
    draft = as_alba.hx_post("/metrics/draft", data)
    preview = draft.text_of("#metric-preview")
    assert "Ana Alonso $300.00" in preview
    assert "Luis Lago $100.00" in preview
    assert "Andina $400.00" in preview
    assert "$900" not in preview
    assert as_alba.get("/metrics/gtx_revenue").status == 404
    saved = as_alba.post("/metrics", data)
    assert saved.location == "/metrics/gtx_revenue"
    page = as_alba.follow(saved)
    assert "GTX" in page.text_of(".facts")
    metric = queries.metric_by_key("gtx_revenue")
    assert queries.person_values(metric, quarter_day, quarter_day)[cast.ana.id].figure == 300_00
    assert check.differences() == []


def test_a_product_that_comes_to_another_series_counts_there(cast, as_alba, quarter_day):
    product = make_product("GTX Pro", series="GTX")
    make_sale(cast.ana, 300_00, quarter_day, product=product)
    data = as_alba.get("/metrics/new").form_data("#metric-form")
    as_alba.post("/metrics", data | {"name_en": "GTX revenue", "series": "GTX", "conditions": ["won"]})
    form = as_alba.get(f"/products/{product.id}").form_data("main form")
    assert as_alba.post(f"/products/{product.id}", form | {"series": "MG"}).status == 303
    metric = queries.metric_by_key("gtx_revenue")
    assert queries.sum_behind(metric, quarter_day, quarter_day)[0].figure == 0
    assert queries.person_values(metric, quarter_day.replace(day=1), quarter_day).get(cast.ana.id) in (
        None,
        queries.value_of(metric),
    )
    assert check.differences() == []


def test_the_same_form_posted_twice_makes_one_metric(as_alba):
    data = as_alba.get("/metrics/new").form_data("#metric-form") | {"name_en": "Twice", "conditions": ["won"]}
    assert as_alba.post("/metrics", data).location == as_alba.post("/metrics", data).location
    assert db.session.scalar(text("SELECT count(*) FROM metrics WHERE key LIKE 'twice%'")) == 1


def test_a_new_metric_counts_the_past_and_what_comes(cast, as_alba):
    make_sale(cast.ana, 100_00, date(2026, 3, 3), stage="lost", lost_reason="price")
    data = as_alba.get("/metrics/new").form_data("#metric-form")
    data |= {"name_en": "Deals lost", "name_es": "Ventas perdidas", "kind": "count", "conditions": ["lost"]}
    data |= {"is_higher_better": "no", "unit": "number"}
    as_alba.post("/metrics", data)
    make_sale(cast.ana, 100_00, date(2026, 3, 4), stage="lost", lost_reason="price")
    metric = queries.metric_by_key("deals_lost")
    assert not metric.is_higher_better
    assert queries.person_values(metric, date(2026, 3, 1), date(2026, 3, 31))[cast.ana.id].figure == 2
    assert check.differences() == []


def test_another_rule_counts_everything_anew(cast, as_alba):
    make_sale(cast.ana, 100_00, date(2026, 3, 3), quantity=4)
    data = as_alba.get("/metrics/new").form_data("#metric-form") | {"name_en": "Mine", "conditions": ["won"]}
    as_alba.post("/metrics", data)
    edited = as_alba.get("/metrics/mine/edit").form_data("#metric-form")
    assert (
        as_alba.post(
            "/metrics/mine", edited | {"conditions": ["won"], "measure": "units", "unit": "number"}
        ).status
        == 303
    )
    metric = queries.metric_by_key("mine")
    assert queries.person_values(metric, date(2026, 3, 1), date(2026, 3, 31))[cast.ana.id].figure == 4
    assert check.differences() == []


@pytest.mark.parametrize(
    ("choice", "complaint"),
    [
        ({"conditions": ["won", "lost"]}, "Nothing can be all of these at once."),
        ({"kind": "ratio", "measure": "value", "of_measure": "value", "of_conditions": "won"}, "always be 1"),
        ({"name_en": " ", "name_es": ""}, "Give it a name."),
        ({"rank_from": "0"}, "between 1 and 1000"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_field(as_alba, choice, complaint):
    data = as_alba.get("/metrics/new").form_data("#metric-form") | {"name_en": "Mine", "conditions": ["won"]}
    page = as_alba.post("/metrics", data | choice)
    assert page.status == 422
    assert complaint in page.text


def test_choosing_a_ratio_offers_what_to_divide_by(as_alba):
    data = as_alba.get("/metrics/new").form_data("#metric-form")
    assert not as_alba.hx_post("/metrics/draft", data).all("select[name=of_measure]")
    form = as_alba.hx_post("/metrics/draft", data | {"kind": "ratio", "of_measure": "count"})
    assert form.one("select[name=of_measure]")
    assert form.text_of("select[name=unit]") == "Money"


def test_choosing_activities_offers_their_kinds(cast, as_alba, quarter_day):
    make_activity(cast.ana, "demo", quarter_day)
    data = as_alba.get("/metrics/new").form_data("#metric-form")
    form = as_alba.hx_post("/metrics/draft", data | {"subject": "activities", "activities": ["demo"]})
    assert form.one("input[name=activities][value=demo]").has_attr("checked")
    assert "Ana Alonso 1" in form.text_of("#metric-preview")


def test_a_shipped_metric_is_renamed_and_hidden_but_counts_as_ever(cast, as_alba, as_ana):
    page = as_alba.get("/metrics/revenue/edit")
    assert not page.all("[name=conditions]")
    data = page.form_data("#metric-form")
    data.pop("is_active", None)
    saved = as_alba.post("/metrics/revenue", data | {"name_en": "Turnover", "measure": "units", "rule": "{}"})
    assert as_alba.follow(saved).text_of("h1") == "Turnover"
    assert not as_ana.get("/metrics").all("a[href='/metrics/revenue']")
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    metric = queries.metric_by_key("revenue")
    assert queries.person_values(metric, date(2026, 3, 1), date(2026, 3, 31))[cast.ana.id].figure == 100_00


def test_a_preview_works_without_javascript(as_alba):
    data = as_alba.get("/metrics/new").form_data("#metric-form") | {"name_en": "Mine", "conditions": ["won"]}
    page = as_alba.post("/metrics/draft", data)
    assert page.status == 200
    assert page.one("#metric-form input[name=name_en]")["value"] == "Mine"
    assert "Last quarter" in page.text


def test_where_there_is_much_to_count_a_job_counts_it(cast, as_alba, monkeypatch):
    monkeypatch.setattr(operations, "RECOUNT_LATER_FROM", -2)
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    data = as_alba.get("/metrics/new").form_data("#metric-form") | {"name_en": "Mine", "conditions": ["won"]}
    page = as_alba.follow(as_alba.post("/metrics", data))
    assert "being counted" in page.text
    assert [one.metric for one in check.differences()] == ["mine"] * 4  # Ana and the three teams above her
    jobs = db.session.execute(text("SELECT task_name, args FROM procrastinate_jobs")).all()
    assert [(job.task_name, job.args) for job in jobs] == [("metrics.recount", {"key": "mine"})]
    make_sale(cast.ana, 50_00, date(2026, 3, 4))
    operations.recount("mine")
    assert check.differences() == []
