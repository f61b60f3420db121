"""Processes that record sales at once: `python -m tests.metrics.recorder URL PROCESSES NUMBER`.

One interpreter loads the portal and forks before it has a connection.
"""

import os
import random
import sys
import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.people.models import Person
from app.sales import operations
from app.sales.models import Product, Sale
from config import Config


def record(app: Flask, seed: int, number: int) -> None:
    chance = random.Random(seed)
    for _ in range(number):
        with app.app_context():
            people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
            product_id = db.session.scalars(select(Product.id)).one()
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


def main(url: str, processes: int, number: int) -> int:
    data = Path(tempfile.mkdtemp(prefix="cumbre-recorder-"))
    app = create_app(
        Config(CUMBRE_DATA=data, SECRET_KEY="x", DATABASE_URL=url, TESTING=True, LISTEN_FOR_CHANGES=False)
    )
    children = []
    for seed in range(processes):
        if child := os.fork():
            children.append(child)
        else:
            record(app, seed, number)
            return 0
    return max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
