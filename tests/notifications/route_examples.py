"""Routes of the room notifications: see tests/route_examples.py."""

from types import SimpleNamespace
from typing import Any

from app.extensions import db
from app.notifications.models import Notification
from tests.route_examples import Example


def news_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    news = Notification(
        person_id=cast.ana.id, kind="manager_left", parameters={"left_id": 1, "name": "Nora", "reports": 2}
    )
    db.session.add(news)
    db.session.commit()
    return {"notification_id": news.id}


EXAMPLES = {
    "notifications.index": [Example()],
    "notifications.show_list": [Example(is_fragment=True)],
    "notifications.bell": [Example(is_fragment=True)],
    "notifications.show": [Example(news_of_ana, "of Ana", reached_by={"ana"})],
    "notifications.read_all": [Example()],
    "notifications.read": [Example(news_of_ana, "of Ana", reached_by={"ana"})],
    "notifications.acknowledge": [Example(news_of_ana, "of Ana", reached_by={"ana"})],
}
