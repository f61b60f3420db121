"""A process of the portal of its own, told over its standard input what to do: `python -m ... URL FOLDER`."""

import json
import sys
from pathlib import Path

from app import create_app
from app.core.changes import changes
from app.extensions import db
from app.people import sessions
from app.people.models import Person
from config import Config
from tests.client import Client
from tests.factories import make_person, the_root
from tests.leaderboards.factories import places
from tests.sales.factories import make_sale


def main(url: str, folder: str) -> None:
    app = create_app(
        Config(CUMBRE_DATA=Path(folder), SECRET_KEY="only for tests", DATABASE_URL=url, TESTING=True)
    )
    clients: dict[int, Client] = {}
    for line in sys.stdin:
        order = json.loads(line)
        with app.app_context():
            print(json.dumps(answer(app, clients, **order)), flush=True)


def answer(app, clients, do, person=0, amount=0, name=""):
    if do == "hire":
        the_root()
        return make_person(name).id
    if do == "sell":
        return make_sale(db.session.get_one(Person, person), amount).id
    if do == "board":
        if person not in clients:
            someone = db.session.get_one(Person, person)
            clients[person] = Client(app, sessions.open_session(someone, address=None, browser=None))
        return places(clients[person].hx_get("/standings/board?metric=revenue&period=quarter"))
    assert do == "listens"
    return changes.is_live


if __name__ == "__main__":
    main(*sys.argv[1:])
