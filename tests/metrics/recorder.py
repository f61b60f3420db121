"""A process of its own that records sales: `python -m tests.metrics.recorder URL SEED NUMBER`."""

import random
import sys
import tempfile
from pathlib import Path

from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.people.models import Person
from app.sales import operations
from app.sales.models import Product, Sale
from config import Config


def record(url: str, seed: int, number: int) -> None:
    data = Path(tempfile.mkdtemp(prefix="cumbre-recorder-"))
    app = create_app(
        Config(CUMBRE_DATA=data, SECRET_KEY="x", DATABASE_URL=url, TESTING=True, LISTEN_FOR_CHANGES=False)
    )
    chance = random.Random(seed)
    for _ in range(number):
        with app.app_context():
            people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
            product_id = db.session.scalars(select(Product.id)).first()
            chance.shuffle(people)
            said = operations.Said(
                product_id=product_id,
                amount=chance.randint(1, 500_00),
                customer=chance.choice(["Acme", "Brío"]),
            )
            shares = {people[0]: 6000, people[1]: 4000} if chance.random() < 0.5 else None
            operations.record_sale(said, rep_id=people[0], by_id=None, shares=shares)
        with app.app_context():
            keys = db.session.scalars(select(Sale.id)).all()
            sale = db.session.get_one(Sale, chance.choice(keys))
            if chance.random() < 0.2:
                operations.void_sale(sale, by_id=None, reason="By mistake")
            else:
                said = operations.said_of(sale)
                said.amount = chance.randint(1, 500_00)
                operations.correct_sale(sale, said, by_id=None, reason="So it was")


if __name__ == "__main__":
    record(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
