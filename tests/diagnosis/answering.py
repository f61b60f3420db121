"""A department's answers, typed into the forms of its review."""

from app.diagnosis.models import Review
from tests.client import Client


def say(client: Client, review: Review, what: str, **data: object) -> object:
    page = client.get(f"/reviews/{review.id}")
    form = page.form_data(f"form[action$='/{what}']")
    return client.post(f"/reviews/{review.id}/{what}", form | data)
