"""What an administrator does on the first morning."""

import re
import time
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from tests.browsers import defects

CRM = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm"
PASSWORD = "una frase bastante larga"
YEAR = time.gmtime(time.time() - 31 * 86_400).tm_year  # whose January is over: nothing is won in days to come


def found_company(page: Page) -> None:
    page.wait_for_url("**/welcome")
    assert defects(page, "en") == []
    page.get_by_label("Company", exact=False).first.fill("Andina")
    page.get_by_label("Your name").fill("Alba Arce")
    page.get_by_label("E-mail").fill("alba@andina.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the portal").click()
    expect(page.get_by_role("heading", name="Set up the portal")).to_be_visible()


def csv_file(name: str, content: str) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode()}


def pipeline(rows: int) -> str:
    """Deals of a January, as untidy as the real ones: AlfaPro is not what the catalogue says."""
    lines = ["opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"]
    for n in range(rows):
        who = ("Iria Prado", "Nuno Sá", "Vera Ponte")[n % 3]
        what, value = (("AlfaPro", 4500 + n % 7), ("Beta Mini", 55))[n % 2]
        lines.append(
            f"A{n},{who},{what},Casa {n % 20},Won,{YEAR}-01-0{n % 9 + 1},{YEAR}-01-{n % 19 + 10},{value}"
        )
    return "\n".join(lines) + "\n"


def bring_in(page: Page, files: list[FilePayload] | list[Path], *, sales: str) -> None:
    """Upload all at once, let what is clear run, settle the rest, look, and import it."""
    page.get_by_role("link", name="Upload files").click()
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_label("Where they come from").fill("crm")
    page.get_by_role("button", name="Look at them").click()
    page.get_by_role("button", name="Import them all").click()
    expect(page.locator("#imports .badge", has_text=re.compile("^Done$"))).to_have_count(2, timeout=60_000)
    page.locator("#imports").get_by_role("link", name=sales).last.click()
    expect(page.locator("#import")).to_contain_text("Right?")
    page.get_by_role("link", name="Settle it").click()
    assert defects(page, "en") == []
    page.get_by_role("button", name="Try it with this").click()
    expect(page.get_by_text("Nothing has been changed yet")).to_be_visible(timeout=60_000)
    assert defects(page, "en") == []
    page.get_by_role("button", name="Import it now").click()
    expect(page.get_by_role("progressbar").or_(page.locator("#import .badge--good")).first).to_be_visible()
    expect(page.locator("#import .badge").first).to_have_text("Done", timeout=60_000)
