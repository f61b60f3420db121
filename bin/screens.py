"""What bin/screens does: a demo company of its own, a browser, and a picture of each page.

DIR/ROLE/PAGE_WIDTH_SCHEME_LANGUAGE.png: at 390 and 1280 px, light and dark, English and Spanish.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from itertools import islice, product
from pathlib import Path
from shutil import rmtree, which

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "cumbre-demo"  # noqa: S105 - a made-up company
SIGN_INS = {
    "rep": "valeria.montes",
    "manager": "marta.aguirre",
    "department_lead": "lola.campos",
    "hr": "helena.ortiz",
    "executive": "clara.montenegro",
    "admin": "raul.ibanez",
}
SIZES = {390: 844, 1280: 900}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
# Where a page's first link of a form leads to another main page.
FOLLOWED = (
    ("/sales", r"^/sales/\d+$"),
    ("/goals", r"^/goals/\d+$"),
    ("/people", r"^/people/\d+$"),
    ("/products", r"^/products/\d+$"),
    ("/teams", r"^/teams/\d+$"),
    ("/metrics", r"^/metrics/[a-z_]+$"),
    ("/standings", r"^/metrics/[a-z_]+/records"),
    ("/imports", r"^/imports/\d+$"),
    ("/training", r"^/training/courses/\d+$"),
    ("/training", r"^/training/lessons/\d+"),
    ("/training", r"^/training/certificates/[\w-]+$"),
    ("/training/courses/1", r"^/training/courses/\d+/quiz$"),
    ("/training/courses/1", r"^/training/attempts/\d+$"),
    ("/training/people", r"^/training/people/\d+$"),
    ("/training/courses", r"^/training/courses/\d+/edit$"),
    ("/training/courses/1/edit", r"^/training/lessons/\d+/edit$"),
    ("/training/courses/1/edit", r"^/training/questions/\d+$"),
    ("/training/courses/1/edit", r"^/training/courses/\d+/requirements/new$"),
    ("/cases", r"^/cases/\d+$"),
    ("/reviews", r"^/reviews/\d+$"),
    ("/coaching", r"^/coaching/sessions/\d+$"),
    ("/coaching", r"^/coaching/notes/\d+$"),
    ("/coaching/plans", r"^/coaching/plans/\d+$"),
    ("/coaching/team", r"^/coaching/people/\d+$"),
    ("/coaching/team", r"^/coaching/people/\d+/sessions/new$"),
)
SIGNED_OUT = ("/sign-in", "/password-reset", "/nothing-of-the-kind")
MORE = (
    "/",
    "/standings?mode=attainment",
    "/standings?of=teams",
    "/standings/history",
    "/standings/screens/new",
    "/sales/new",
    "/goals/new",
    "/goals/answers",
    "/goals/scorecard",
    "/goals/proposals",
    "/goals/periods",
    "/goals/holidays",
    "/goals/periods/closing",
    "/goals/results",
    "/goals/adjustments",
    "/people/new",
    "/people/reporting",
    "/people/invitations",
    "/metrics/new",
    "/account/preferences",
    "/account/sessions",
    "/account/password",
    "/notifications",
    "/training/catalogue",
    "/training/certificates",
    "/training/assignments/new",
    "/training/courses/new",
    "/coaching/team",
    "/coaching/plans",
    "/coaching/effect",
    "/coaching/rules",
    "/coaching/session-templates",
    "/coaching/sessions/log",
)


@contextmanager
def demo() -> Iterator[str]:
    """The address of a portal with the demo company, gone afterwards."""
    data = Path(tempfile.mkdtemp(prefix="cumbre-screens-"))
    data.chmod(0o755)  # the database may run as a user of its own
    command = [sys.executable, str(ROOT / "bin" / "launch.py"), "--port", "0"]
    environment = {**os.environ, "CUMBRE_DATA": str(data), "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}
    environment.pop("DATABASE_URL", None)
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        for line in running.stdout:
            if found := re.search(r"http://[\w.:\[\]]+", line):
                yield found.group()
                return
        raise SystemExit("the portal did not start")
    finally:
        running.terminate()
        running.wait(60)
        rmtree(data, ignore_errors=True)


def name_of(path: str) -> str:
    return re.sub(r"\W+", "-", re.sub(r"\d+", "n", path)).strip("-") or "home"


def sign_in(page: Page, address: str, who: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", f"{who}@cumbre.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector(".shell", state="attached")


def listen_to(page: Page) -> list[str]:
    """Whatever the console says from now on."""
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    return noise


def photograph(page: Page, target: Path, width: int) -> None:
    """The whole page as one screen: what is pinned to an edge would else lie in the middle."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(SIZES[width], min(height, 6000))})
    page.screenshot(path=target)
    page.set_viewport_size({"width": width, "height": SIZES[width]})


def links(html: str, inside: str) -> list[str]:
    """The addresses in this portal that its `nav` or `main` elements lead to, in their order."""
    parts = re.findall(rf"<{inside}\b.*?</{inside}>", html, re.DOTALL)
    found = (href for part in parts for href in re.findall(r'<a\s[^>]*?href="(/[^"]*)"', part))
    return [unescape(href) for href in dict.fromkeys(found)]


def pages_of(page: Page, address: str) -> list[str]:
    """What this role finds in the navigation, and the main pages behind it; `page` stays where it is."""

    @cache
    def read(path: str) -> str | None:
        answer = page.request.get(address + path, max_redirects=0)
        return answer.text() if answer.status == 200 else None

    found = ["/", *(href for href in links(read("/") or "", "nav") if not href.startswith("/sign"))]
    for path, form in FOLLOWED:
        new = (
            href for href in links(read(path) or "", "main") if re.search(form, href) and href not in found
        )
        found += islice(new, 1)
    found += (path for path in MORE if read(path) is not None)
    return list(dict.fromkeys(found))


def take(browser: Browser, address: str, folder: Path, role: str, who: str | None, *, quick: bool) -> int:
    """Pictures as one role, or of somebody who is not signed in; returns how many pages had a defect."""
    folder = folder / role
    folder.mkdir(parents=True, exist_ok=True)
    defects = 0
    paths: list[str] = list(SIGNED_OUT)
    variants = list(product(SIZES, ("light", "dark"), ("en", "es")))
    for width, scheme, language in [(390, "light", "en"), (1280, "dark", "es")] if quick else variants:
        context = browser.new_context(
            viewport={"width": width, "height": SIZES[width]},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="es-MX" if language == "es" else "en-US",
            reduced_motion="reduce",
        )
        page = context.new_page()
        noise = listen_to(page)
        if who is not None:
            sign_in(page, address, who)
            if paths == list(SIGNED_OUT):
                paths = pages_of(page, address)
                noise.clear()
        for path in paths:
            answer = page.goto(address + path)
            page.wait_for_load_state("load")
            target = folder / f"{name_of(path)}_{width}_{scheme}_{language}.png"
            photograph(page, target, width)
            wide = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            status = answer.status if answer is not None else 0
            if wide or noise or status >= 500:
                defects += 1
                print(
                    f"{role} {path} {width} {scheme} {language}: {status}", "too wide" if wide else "", *noise
                )
                noise.clear()
        context.close()
    return defects


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/screens", description=__doc__)
    parser.add_argument("dir", type=Path, help="where the pictures go")
    parser.add_argument("--only", choices=["nobody", *SIGN_INS], help="as one role")
    parser.add_argument("--quick", action="store_true", help="light, English, phone; dark, Spanish, wide")
    arguments = parser.parse_args()
    chromium = next(filter(None, map(which, BROWSERS)), None)
    if chromium is None:
        print("cumbre: bin/screens needs chromium; on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    roles: dict[str, str | None] = {"nobody": None, **SIGN_INS}
    defects = 0
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        for role, who in roles.items():
            if arguments.only in {None, role}:
                defects += take(browser, address, arguments.dir, role, who, quick=arguments.quick)
        browser.close()
    print(f"{len(list(arguments.dir.rglob('*.png')))} pictures in {arguments.dir}; {defects} with a defect")
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main())
