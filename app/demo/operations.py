"""The demo company comes into an empty portal, whole or not at all."""

from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from app.core import clock
from app.core.errors import Conflict
from app.core.transactions import atomic
from app.demo import closing, coaching, company, plans, records, story, targets, training, words
from app.demo.company import Cast
from app.extensions import db
from app.people.models import Person
from app.people.operations import CompanyFacts


@atomic
def make_company(locale: str) -> Cast:
    """Raises Conflict where there are people already: a demo among real people could never be taken out."""
    if db.session.scalar(select(exists().select_from(Person))):
        raise Conflict("this portal has people in it; the demo company needs an empty one")
    said, country, currency, zone, unit = words.REGIONS[locale]
    facts = CompanyFacts(name=said.company, currency=currency, country=country, timezone=zone, locale=locale)
    its_day = clock.now().astimezone(ZoneInfo(zone)).date()  # the portal has no zone of its own yet
    told = story.tell(its_day, reps=len(words.NAMES))
    cast = company.found(told, said, facts, unit)
    records.write(told, said, cast)
    training.write(told, said, cast)
    targets.write(told, said, cast)
    closing.write(told, cast, locale)
    coaching.write(cast, locale)
    plans.write(cast, locale)
    return cast
