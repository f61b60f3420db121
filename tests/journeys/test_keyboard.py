"""Hands on the keyboard alone: everything can be reached, and one sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from bin.screens import PASSWORD
from tests.browsers import Browsers

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const ring = element => {
    const s = getComputedStyle(element);
    return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
  };
  const label = it.closest('label') || (it.id && document.querySelector(`label[for="${CSS.escape(it.id)}"]`));
  const box = it.getBoundingClientRect();
  return {
    html: it.outerHTML.slice(0, 120),
    mark: it.dataset.reached,
    isSeen: ring(it) || Boolean(label && ring(label)) || it.id === 'main',
    isThere: box.width > 0 && box.height > 0,
  };
}"""
CONTROLS = """() => {
  const names = new Set();
  let n = 0;
  for (const it of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    if (it.disabled || it.tabIndex < 0 || !it.checkVisibility({visibilityProperty: true})) continue;
    if (it.type === 'radio') {
      const group = `${it.form && it.form.id}/${it.name}`;
      if (names.has(group)) continue;
      const chosen = document.querySelector(`input[name="${it.name}"]:checked`);
      if (chosen && chosen !== it) continue;
      names.add(group);
    }
    it.dataset.reached = n++;
  }
  return n;
}"""


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Tab until the control of that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => { const it = document.activeElement;
            const labels = it.labels ? [...it.labels].map(label => label.innerText) : [];
            return [it.getAttribute('aria-label') || '', ...labels, it.innerText || '']
            .map(text => text.trim()) }"""
        )
        if any(text.startswith(name) for text in said):
            return
    raise AssertionError(f"{name!r} cannot be reached")


def test_sign_in_skip_and_record_a_sale(at_demo: Browsers) -> None:
    page = at_demo.page("/sign-in")
    tab_to(page, "E-mail")
    page.keyboard.type("camila.rojas@cumbre.example")
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Camila")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, "Revenue")  # the first thing in the content: one's goal

    page.keyboard.press("Home")
    at_demo.go(page, "/")
    tab_to(page, "Record a sale")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sales/new")
    tab_to(page, "Customer")
    page.keyboard.type("Teclado e Hijos")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first product
    expect(page.locator("#products input:checked")).to_have_count(1)
    expect(page.locator("#amount")).not_to_have_value("")
    tab_to(page, "Save the sale")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Teclado e Hijos")
    tab_to(page, "Undo", most=120)
    page.keyboard.press("Enter")
    expect(page.locator("#sale")).to_contain_text("Voided")


@pytest.mark.parametrize(
    ("who", "path", "width"),
    [
        ("camila.rojas", "/", 390),
        ("camila.rojas", "/sales/new", 1280),
        ("marta.aguirre", "/", 1280),
        ("marta.aguirre", "/goals", 390),
        ("raul.ibanez", "/people/new", 1280),
        ("raul.ibanez", "/imports", 390),
        ("clara.montenegro", "/standings", 1280),
    ],
)
def test_every_control_is_reached_and_its_focus_seen(
    at_demo: Browsers, who: str, path: str, width: int
) -> None:
    page = at_demo.page(path, who, width=width)
    number = page.evaluate(CONTROLS)
    reached, seen = {}, set()
    for _ in range(2 * number + 10):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            break
        reached[found["mark"]] = found["html"]
        if found["isSeen"] and found["isThere"]:
            seen.add(found["mark"])  # a date has several places, the last of which Chromium marks itself
    missed = page.evaluate(
        "reached => [...document.querySelectorAll('[data-reached]')]"
        ".filter(it => !reached.includes(it.dataset.reached)).map(it => it.outerHTML.slice(0, 120))",
        [mark for mark in reached if mark is not None],
    )
    assert missed == []
    assert [html for mark, html in reached.items() if mark not in seen] == [], "no focus to be seen"
