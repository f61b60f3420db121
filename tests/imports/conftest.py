from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from app.extensions import db
from app.sales.models import Product
from tests.imports.factories import Command


@pytest.fixture
def run(app: Flask, cast: SimpleNamespace, tmp_path: Path) -> Command:
    """The command line, in the company of the cast, which sells lamps."""
    db.session.add(Product(code="LMP", name="Lamp", currency="USD", list_price=12000))
    db.session.commit()
    return Command(app, tmp_path)


@pytest.fixture
def run_in_empty_portal(app: Flask, tmp_path: Path) -> Command:
    return Command(app, tmp_path)
