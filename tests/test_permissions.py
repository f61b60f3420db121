"""Every route x every role x own and other records: reached as permission and scope say, a 404 otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from app.core.permissions import Permission, Role, allows
from app.extensions import db
from tests.client import Client
from tests.route_examples import EVERYBODY, Example, all_examples

REACHED = {200, 204, 302, 303, 304, 409, 410, 422, 429}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

EXAMPLES = all_examples()

HOW = """
The route {endpoint} ({rule}) has no example for the permission matrix. Add to tests/{room}/route_examples.py:

    EXAMPLES = {{
        "{endpoint}": [Example(lambda cast: {{{arguments}}}, "own", reached_by={{"ana", "marta", ...}})],
    }}

with a record that some of the cast may reach and others may not; tests/route_examples.py says more.
"""


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    found: Permission | None = app.view_functions[endpoint].__permission__
    return found


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done inside is undone: the next person finds the record as it was."""
    db.session.commit()
    savepoint = db.engines[None].begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        db.session.expire_all()
        if savepoint.is_active:
            savepoint.rollback()


def test_every_route_has_an_example(session_app: Flask) -> None:
    missing = []
    for rule in rules(session_app):
        if rule.endpoint not in EXAMPLES:
            arguments = ", ".join(f'"{name}": cast....id' for name in sorted(rule.arguments))
            room = session_app.view_functions[rule.endpoint].__module__.split(".")[1]
            missing.append(HOW.format(endpoint=rule.endpoint, rule=rule, room=room, arguments=arguments))
    assert not missing, "\n".join(missing)


def test_no_example_is_of_a_route_that_is_gone(session_app: Flask) -> None:
    known = {rule.endpoint for rule in rules(session_app)}
    assert sorted(set(EXAMPLES) - known) == []


def test_a_route_with_a_record_in_its_url_says_who_reaches_it(session_app: Flask) -> None:
    """But where only those have the permission who see everybody's records anyway."""
    everywhere = {Role.HR, Role.EXECUTIVE, Role.ADMIN}

    def is_scoped(endpoint: str) -> bool:
        permission = permission_of(session_app, endpoint)
        return permission is not None and not {r for r in Role if allows(r, permission)} <= everywhere

    silent = [
        rule.endpoint
        for rule in rules(session_app)
        if any(name.endswith("_id") for name in rule.arguments)
        and is_scoped(rule.endpoint)
        and not any(example.reached_by is not None for example in EXAMPLES.get(rule.endpoint, []))
    ]
    assert silent == [], "give these examples a `reached_by`; name everybody where that is meant"


CASES = [
    pytest.param(endpoint, example, id=f"{endpoint}{' ' + example.whose if example.whose else ''}")
    for endpoint, examples in sorted(EXAMPLES.items())
    for example in examples
]


@pytest.mark.parametrize(("endpoint", "example"), CASES)
def test_who_reaches(endpoint: str, example: Example, app: Flask, cast: SimpleNamespace, as_person) -> None:
    if endpoint not in app.view_functions:
        pytest.skip("its room is not there")
    permission = permission_of(app, endpoint)
    if permission is None:
        return
    arguments = example.arguments(cast)
    db.session.commit()
    with app.test_request_context():
        url = url_for(endpoint, **arguments)
    methods = {method for rule in app.url_map.iter_rules(endpoint) for method in rule.methods or ()}
    seats = {name: (getattr(cast, name).role, as_person(getattr(cast, name))) for name in EVERYBODY}
    for method in [one for one in METHODS if one in methods]:
        _strangers_are_led_to_the_door(app, method, url)
        for name, (role, client) in seats.items():
            may = allows(role, permission)
            if example.reached_by is not None:
                assert may or name not in example.reached_by, (
                    f"{name} lacks {permission} but is in reached_by"
                )
                may = name in example.reached_by
            with taken_back():
                options: dict[str, Any] = {"data": example.data} if method != "GET" else {}
                page = client.request(method, url, hx=example.is_fragment, **options)
            where = f"{method} {url} as {name}"
            if may:
                assert page.status in REACHED, f"{where}: {page.status}\n{page.text[:500]}"
                assert not (page.location or "").startswith("/sign-in") or endpoint == "people.end_session"
            else:
                assert page.status == 404, f"{where}: {page.status} instead of 404"


def _strangers_are_led_to_the_door(app: Flask, method: str, url: str) -> None:
    page = Client(app).request(method, url)
    assert page.status == 302, f"a stranger's {method} {url}: {page.status}"
    assert (page.location or "").startswith("/sign-in")
    fragment = Client(app).request(method, url, hx=True)
    assert fragment.status == 401, f"a stranger's fragment of {url}: {fragment.status}"
    assert fragment.headers["HX-Redirect"] == "/sign-in"
