"""The parts that every page is made of."""

import re
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string

from tests.client import Page
from tests.look.harness import ROOT, GalleryForm

COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))


def rendered(look: Flask, source: str, lang: str = "en", **context: object) -> BeautifulSoup:
    """`name: text` is the text with that component's macros at hand."""
    name, found, text = source.partition(": ")
    if found and "{" not in name:
        macros = re.findall(
            r"macro (\w+)\(", (ROOT / "templates" / "components" / f"{name}.html").read_text()
        )
        source = f"{{% from 'components/{name}.html' import {', '.join(macros)} %}}{text}"
    with look.test_request_context(f"/?lang={lang}"):
        return BeautifulSoup(render_template_string(source, **context), "html5lib")


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_says_first_what_its_arguments_are(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    assert re.match(r"\{#- \w+(\(|: |'s)", first) or path.stem == "shell", first


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_reads_no_global_of_the_portal(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    if path.stem != "shell":
        assert not re.search(r"\b(viewer|request|session|url_for|nav_items|company)\b", text)
    assert "csrf_token()" not in text


def test_the_gallery_is_valid_html_with_one_h1_and_unique_ids(look: Flask) -> None:
    for query in ("", "?lang=en", "?signed_out=1"):
        Page(look.test_client().get(f"/{query}"), is_fragment=False)


def test_error_pages_have_words_for_each_status(look: Flask) -> None:
    texts = set()
    for status in (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503):
        page = Page(look.test_client().get(f"/errors/{status}?signed_out=1"), is_fragment=False)
        texts.add(page.one(".lead").text)
    assert len(texts) == 11


MINIMAL = {
    "avatar": "{{ avatar('Ana') }}{{ avatar('') }}{{ person('Ana') }}{{ initials('Ana') }}",
    "badge": "{{ badge('Open') }}{{ count(120, '120 messages') }}",
    "breadcrumb": "{{ breadcrumb([]) }}",
    "button": "{{ button('Save') }}{{ icon_button('x', 'Close') }}",
    "card": "{% call card() %}text{% endcall %}",
    "chart_bars": "{{ chart_bars('None', []) }}{{ chart_bars('Zero', [{'label': 'a', 'value': 0}]) }}",
    "chart_line": "{{ chart_line('None', [], []) }}"
    "{{ chart_line('One', ['a'], [{'name': 'x', 'values': [3], 'point': True}]) }}"
    "{{ chart_line('Flat', ['a', 'b'], [{'name': 'x', 'values': [0, 0]}]) }}"
    "{{ chart_line('Gap', ['a', 'b'], [{'name': 'x', 'values': [None, 0]}], zero=False) }}",
    "checklist": "{{ checklist([]) }}",
    "diff": "{{ diff(None, '1') }}",
    "empty": "{{ empty('Nothing yet') }}",
    "filters": "{% call filters('/') %}{{ filter_select('a', 'A', []) }}"
    "{{ filter_search('q', 'Q') }}{% endcall %}",
    "icon": "{{ icon('home') }}",
    "live": "{% call live('/', 'x') %}text{% endcall %}",
    "menu": "{% call menu('More') %}{{ menu_item('A', '/') }}{{ menu_post('B', '/', 't') }}{% endcall %}",
    "notice": "{{ notice('text') }}",
    "pager": "{{ pager() }}{{ pager(text='1 to 50') }}",
    "progress": "{{ goal_bar(None, 'Goal') }}{{ goal_bar(0, 'Goal') }}{{ thin_bar(None) }}",
    "progress_bar": "{{ progress_bar('Reading') }}",
    "rank_change": "{{ rank_change() }}{{ rank_change(0) }}",
    "sign": "{{ sign() }}",
    "sparkline": "{{ sparkline([], 'none') }}{{ sparkline([1, 1], 'flat') }}",
    "standings": "{% call standings('Board', 'Value') %}{{ standing_row(1, 'Ana', '3') }}"
    "{{ fold_row('2 more') }}{% endcall %}",
    "stat": "{{ stat('Won', '3') }}",
    "steps": "{{ steps([], 'Way') }}",
    "table": "{{ table('Sales', ['A'], []) }}",
    "tabs": "{{ tabs([], 'Mode') }}",
    "timeline": "{{ timeline([]) }}",
    "toast": "{{ toast('Saved') }}{{ toasts([], 't') }}",
}


@pytest.mark.parametrize("name", MINIMAL)
def test_a_macro_renders_with_its_least_arguments(look: Flask, name: str) -> None:
    assert rendered(look, f"{name}: {MINIMAL[name]}").body.contents


def test_a_goal_bar_is_spoken_as_one_sentence(look: Flask) -> None:
    page = rendered(
        look,
        "progress: {{ goal_bar(0.63, 'Ingresos', pace='3 días por delante',"
        " expected=0.58, forecast=(0.94, 1.08), value='357,7 mil $', target='566 mil $') }}",
        lang="es",
    )
    assert page.select_one("svg[role=img]")["aria-label"].replace("\u00a0", " ") == (
        "Ingresos: 63 %, 357,7 mil $ de 566 mil $, 58 % previsto a día de hoy, pronóstico de 94 % a 108 %, "
        "3 días por delante"
    )


def test_a_goal_bar_beyond_its_target_marks_where_the_target_was(look: Flask) -> None:
    page = rendered(
        look,
        "progress: {{ goal_bar(1.25, 'Units', state='reached', expected=0.5) }}",
    )
    assert page.select_one(".goal__reached")["width"] == "100.00%"
    assert page.select_one(".goal__target")["x1"] == "80.00%"
    assert not page.select(".goal__tick")


def test_a_change_of_rank_is_said_in_words(look: Flask) -> None:
    page = rendered(
        look,
        "rank_change: {{ rank_change(2) }} {{ rank_change(-1) }}",
    )
    assert [tag.text for tag in page.select(".sr-only")] == ["up 2 places", "down 1 place"]


def test_htmx_attributes_given_to_a_macro_carry_the_nonce(look: Flask) -> None:
    page = rendered(
        look,
        "button: {{ button('Send', hx_post='/x', hx_status__422='target:#f',"
        " aria_label='Send it', disabled=True, value=None) }}",
    )
    button = page.button
    assert button["hx-post"] == "/x"
    assert button["hx-status:422"] == "target:#f"
    assert button["aria-label"] == "Send it"
    assert button.has_attr("disabled")
    assert not button.has_attr("value")
    assert button["hx-nonce"]


def test_a_field_names_its_hint_and_its_error(look: Flask) -> None:
    with look.test_request_context("/"):
        form = GalleryForm(formdata=None)
    form.customer.errors = ["Too <long>."]
    page = rendered(
        look,
        "field: {{ field(form.customer, hx_get='/names', maxlength=20) }}",
        form=form,
    )
    entry = page.input
    assert entry["aria-invalid"] == "true"
    assert entry["aria-describedby"] == "customer-hint customer-error"
    assert entry["maxlength"] == "20"
    assert entry["hx-nonce"]
    assert page.select_one("#customer-error").text == "Too <long>."
    assert "(optional)" in unescape(page.label.text)


def test_the_summary_of_errors_links_to_the_fields(look: Flask) -> None:
    with look.test_request_context("/", method="POST", data={"stage": "won"}):
        form = GalleryForm()
        assert not form.validate()
    page = rendered(look, "field: {{ form_errors(form) }}", form=form)
    assert {link["href"] for link in page.select("a")} >= {"#amount", "#email", "#password"}


def test_text_from_people_is_escaped_everywhere(look: Flask) -> None:
    page = rendered(
        look,
        "standings: <table>{{ standing_row(1, name, name, note=name) }}</table>",
        name="<b>Ana</b>",
    )
    assert not page.select("th b")
    assert page.select_one(".standings__name").text == "<b>Ana</b>"
