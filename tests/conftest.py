"""The named cast, a database that forgets each test, and a client for everybody."""

import gc
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Connection, Engine, create_engine, select, text

from app import create_app
from app.core import connections
from app.core.changes import LISTENER
from app.core.permissions import Role
from app.extensions import db
from app.people import passwords, sessions
from app.people.models import Person, Team
from config import Config
from tests import factories
from tests.apart import apart
from tests.browsers import Browsers, Readers, quiet
from tests.client import Client
from tests.database import fresh_database
from tests.site import Site, keep_templates

gc.set_threshold(50_000, 20, 20)  # a process of tests has memory enough, and little garbage in cycles
settings.register_profile("cumbre", deadline=None)  # a busy machine is no defect
settings.load_profile("cumbre")
# What a hash costs is the library's choice (tests/people/test_passwords.py); here hundreds are made.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker is left alone with them at the end."""
    items.sort(key=lambda item: -sum(bool(item.get_closest_marker(name)) for name in ("browser", "slow")))


@pytest.fixture(autouse=True)
def _apart() -> Iterator[None]:
    """A test finds nothing that another has left in the process."""
    with apart():
        yield


@pytest.fixture(scope="module", autouse=True)
def _nobody_listens_on() -> Iterator[None]:
    yield
    left = [thread for thread in threading.enumerate() if thread.name == LISTENER]
    assert left == [], "a listener for changes was left behind: see tests/site.py"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with fresh_database(worker) as url:
        yield url


@pytest.fixture(scope="session")
def session_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    data: Path = tmp_path_factory.mktemp("data")
    config = Config(
        CUMBRE_DATA=data,
        SECRET_KEY="only for tests",
        DATABASE_URL=database_url,
        TESTING=True,
        LISTEN_FOR_CHANGES=False,
    )
    app = create_app(config)
    keep_templates(app)
    gc.freeze()  # none of what is there by now ever goes
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def cast_engine(session_app: Flask) -> Iterator[Engine]:
    """A second database, in which the cast stands already: every test that asks for them finds them there."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with fresh_database(f"cast_{worker}") as url:
        engine = create_engine(url, **session_app.config["SQLALCHEMY_ENGINE_OPTIONS"])
        connections.watch(engine)
        with session_app.app_context(), _on(engine):
            for number, table in enumerate(("teams", "people"), 1):  # no id is good for both
                db.session.execute(text(f"SELECT setval('{table}_id_seq', {number}000)"))
            _make_cast()
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser, without windows where it is had so; one a process: Playwright allows no second."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",  # there is none, and a process for it may hang
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                # Pages live for seconds: what makes long-lived scripts fast costs more than it gives.
                "--js-flags=--single-threaded --no-turbofan --max-semi-space-size=32",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def at_site(chromium: Browser, site: Site) -> Iterator[Browsers]:
    """Browsers before the module's `site` (tests/site.py). That a form was refused is no noise."""
    with quiet(Browsers(chromium, site, expected={422})) as browsers:
        yield browsers


@pytest.fixture(scope="module")
def _readers(chromium: Browser, site: Site) -> Iterator[Readers]:
    readers = Readers(chromium, site)
    yield readers
    readers.close()


@pytest.fixture
def readers(_readers: Readers) -> Iterator[Readers]:
    """As `at_site`, for tests that only look at pages: their browser is kept from one to the next."""
    _readers.noise.clear()
    yield _readers
    assert _readers.noise == [], "the console stays silent"


@contextmanager
def _on(bound: Engine | Connection) -> Iterator[None]:
    """Sessions work there."""
    engines = db.engines
    before, engines[None] = engines[None], bound  # a session takes a connection as well
    try:
        yield
    finally:
        db.session.remove()
        engines[None] = before


@pytest.fixture
def app(session_app: Flask, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app inside a transaction that is rolled back after the test, whatever was committed. Its database
    is empty, or has the cast in it where the test asks for them.
    """
    with session_app.app_context():
        has_cast = "cast" in request.fixturenames
        engine = request.getfixturevalue("cast_engine") if has_cast else db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            db.session.configure(join_transaction_mode="create_savepoint")
            try:
                with _on(connection):
                    yield session_app
            finally:
                outer.rollback()


def _make_cast() -> None:
    root = factories.the_root()
    sales = factories.make_team("Sales", root, kind="department")
    norte, sur = factories.make_team("Norte", sales), factories.make_team("Sur", sales)
    logistics = factories.make_team("Logistics", root, kind="department", function="logistics")
    make = factories.make_person
    ximena = make("Ximena Ibarra", Role.EXECUTIVE, root)
    make("Alba Admin", Role.ADMIN, root)
    make("Hilda Ramos", Role.HR, root)
    eva = make("Eva Lang", Role.DEPARTMENT_LEAD, logistics)
    marta = make("Marta Manrique", Role.MANAGER, norte, ximena)
    omar = make("Omar Otero", Role.MANAGER, sur, ximena)
    make("Ana Alonso", Role.REP, norte, marta)
    make("Bea Blanco", Role.REP, norte, marta)
    make("Luis Lago", Role.REP, sur, omar)
    make("Nora Núñez", Role.REP, norte, marta, is_active=False, left_on=factories.today())
    norte.lead_id, sur.lead_id, logistics.lead_id = marta.id, omar.id, eva.id
    db.session.commit()


@pytest.fixture
def cast(app: Flask) -> SimpleNamespace:
    """Ana sells in Norte, managed by Marta; Omar manages Sur, where Luis sells; Hilda is HR; Eva leads
    logistics; Ximena is the executive; Alba administers; Nora left.
    """
    if not db.session.scalar(select(Team.id).where(Team.name == "Logistics")):  # asked for late, by name
        _make_cast()
    people = {person.name.split()[0].lower(): person for person in db.session.scalars(select(Person))}
    teams = {team.name.lower(): team for team in db.session.scalars(select(Team))}
    return SimpleNamespace(root=teams.pop("andina"), **teams, **people)


@pytest.fixture
def as_person(app: Flask) -> Callable[..., Client]:
    """`as_person(ana)`: a client signed in as her."""

    def sign_in(person: Person, language: str = "en-US") -> Client:
        token = sessions.open_session(person, address="127.0.0.1", browser="a browser")
        return Client(app, token, language)

    return sign_in


@pytest.fixture
def anonymous(app: Flask) -> Client:
    return Client(app)


@pytest.fixture
def as_ana(cast: SimpleNamespace, as_person: Callable[..., Client]) -> Client:
    """A rep of Norte."""
    return as_person(cast.ana)


@pytest.fixture
def as_marta(cast: SimpleNamespace, as_person: Callable[..., Client]) -> Client:
    """Ana's manager."""
    return as_person(cast.marta)


@pytest.fixture
def as_omar(cast: SimpleNamespace, as_person: Callable[..., Client]) -> Client:
    """Another team's manager."""
    return as_person(cast.omar)


@pytest.fixture
def as_luis(cast: SimpleNamespace, as_person: Callable[..., Client]) -> Client:
    """A rep of another team."""
    return as_person(cast.luis)


@pytest.fixture
def as_hilda(cast: SimpleNamespace, as_person: Callable[..., Client]) -> Client:
    """The HR partner."""
    return as_person(cast.hilda)


@pytest.fixture
def as_eva(cast: SimpleNamespace, as_person: Callable[..., Client]) -> Client:
    """The lead of logistics."""
    return as_person(cast.eva)


@pytest.fixture
def as_ximena(cast: SimpleNamespace, as_person: Callable[..., Client]) -> Client:
    """The executive."""
    return as_person(cast.ximena)


@pytest.fixture
def as_alba(cast: SimpleNamespace, as_person: Callable[..., Client]) -> Client:
    """The administrator."""
    return as_person(cast.alba)
