"""The named cast, a database that forgets each test, and a client for everybody."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from app import create_app
from app.core.changes import LISTENER
from app.core.permissions import Role
from app.extensions import db
from app.people import sessions
from app.people.models import Person
from config import Config
from tests import factories
from tests.apart import apart
from tests.browsers import Browsers, quiet
from tests.client import Client
from tests.database import fresh_database
from tests.site import Site

settings.register_profile("cumbre", deadline=None)  # a busy machine is no defect
settings.load_profile("cumbre")


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
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser; one a process, as Playwright allows no second."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def at_site(chromium: Browser, site: Site) -> Iterator[Browsers]:
    """Browsers before the module's `site` (tests/site.py). That a form was refused is no noise."""
    with quiet(Browsers(chromium, site, expected={422})) as browsers:
        yield browsers


@pytest.fixture
def app(session_app: Flask) -> Iterator[Flask]:
    """The app inside a transaction that is rolled back after the test, whatever was committed."""
    with session_app.app_context():
        engines = db.engines
        engine = engines[None]
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection  # a session takes a connection as well
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield session_app
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            engines[None] = engine


@pytest.fixture
def cast(app: Flask) -> SimpleNamespace:
    """Ana sells in Norte, managed by Marta; Omar manages Sur, where Luis sells; Hilda is HR; Eva leads
    logistics; Ximena is the executive; Alba administers; Nora left.
    """
    root = factories.the_root()
    sales = factories.make_team("Sales", root, kind="department")
    norte, sur = factories.make_team("Norte", sales), factories.make_team("Sur", sales)
    logistics = factories.make_team("Logistics", root, kind="department", function="logistics")
    make = factories.make_person
    ximena = make("Ximena Ibarra", Role.EXECUTIVE, root)
    alba = make("Alba Admin", Role.ADMIN, root)
    hilda = make("Hilda Ramos", Role.HR, root)
    eva = make("Eva Lang", Role.DEPARTMENT_LEAD, logistics)
    marta = make("Marta Manrique", Role.MANAGER, norte, ximena)
    omar = make("Omar Otero", Role.MANAGER, sur, ximena)
    ana = make("Ana Alonso", Role.REP, norte, marta)
    bea = make("Bea Blanco", Role.REP, norte, marta)
    luis = make("Luis Lago", Role.REP, sur, omar)
    nora = make("Nora Núñez", Role.REP, norte, marta, is_active=False, left_on=factories.today())
    norte.lead_id, sur.lead_id, logistics.lead_id = marta.id, omar.id, eva.id
    db.session.commit()
    return SimpleNamespace(
        root=root,
        sales=sales,
        norte=norte,
        sur=sur,
        logistics=logistics,
        ximena=ximena,
        alba=alba,
        hilda=hilda,
        eva=eva,
        marta=marta,
        omar=omar,
        ana=ana,
        bea=bea,
        luis=luis,
        nora=nora,
    )


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
