"""Who says which steps answer which cause."""

from tests.coaching.plan_pages import url
from tests.coaching.plans import make_plan, steps_of


class TestRules:
    def test_managers_keep_them_and_reps_do_not(self, as_marta, as_ana, as_hilda):
        assert "Rules" in as_marta.get("/coaching/rules").text
        for client in (as_ana, as_hilda):
            assert client.get("/coaching/rules").status == 404

    def rule(self, page, title):
        return next(link["href"] for link in page.all("#rule-list a") if title in link.get_text())

    def test_a_rule_that_is_switched_off_proposes_nothing(self, cast, as_marta):
        page = as_marta.get("/coaching/rules")
        link = self.rule(page, "Practise the conversation that turns")
        after = as_marta.hx_post(f"{link}/state", {"active": "no"})
        assert "Switch on" in after.text
        plan = make_plan(cast.ana)
        assert "Practise the conversation that turns" not in [step.title() for step in steps_of(plan)]

    def test_one_of_our_own_says_why_in_our_words(self, cast, as_marta, as_ana):
        form = as_marta.get("/coaching/rules/steps/new").form_data("main form")
        said = {"title_en": "Call three lost customers", "title_es": "", "kind": "practice", "days": "10"}
        for _ in range(2):
            assert as_marta.post("/coaching/rules/steps", form | said).status == 303
        assert as_marta.get("/coaching/rules").text.count("Call three lost customers") == 1
        form = as_marta.get("/coaching/rules/new").form_data("main form")
        template = next(
            option["value"]
            for option in as_marta.get("/coaching/rules/new").all("#template option")
            if option.get_text() == "Call three lost customers"
        )
        said = {"cause": "capability", "template": template, "reason_en": "Peers win {peers} of them."}
        assert as_marta.post("/coaching/rules", form | said).status == 303
        plan = make_plan(cast.ana)
        assert "Call three lost customers" in [step.title() for step in steps_of(plan)]
        assert "Peers win 30% of them." in as_ana.get(url(plan)).text

    def test_what_cannot_be_filled_in_is_refused(self, as_marta):
        form = as_marta.get("/coaching/rules/new").form_data("main form")
        said = {"cause": "capability", "reason_en": "You {password}."}
        page = as_marta.post("/coaching/rules", form | said)
        assert page.status == 422
        assert "Only these are filled in" in page.text

    def test_a_plan_keeps_the_words_that_it_was_proposed_with(self, cast, plan, as_marta, as_ana):
        link = self.rule(as_marta.get("/coaching/rules"), "Practise the conversation that turns")
        form = as_marta.get(link).form_data("main form")
        as_marta.post(link, form | {"reason_en": "Because we say so."})
        assert "Because we say so." not in as_ana.get(url(plan)).text

    def test_a_step_in_use_is_not_put_away(self, as_marta):
        link = next(
            link["href"]
            for link in as_marta.get("/coaching/rules").all("a[href*='/rules/steps/']")
            if "A customer visit together" in link.get_text()
        )
        form = as_marta.get(link).form_data("main form")
        form.pop("is_active")
        assert as_marta.post(link, form).status == 409
