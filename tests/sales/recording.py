"""A sale as the page of a new one records it."""

from app.extensions import db
from app.sales.models import Sale


def only_sale():
    return db.session.query(Sale).one()


def record(client, product, **given):
    page = client.get("/sales/new")
    data = page.form_data("#new-sale") | {"product": str(product.id), "customer": "Acme"} | given
    return client.post("/sales", data)
