"""Who in one's sight is where: by team, by course, by person."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.errors import NotFound
from app.core.pagination import page_of_rows
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.people.queries import person_for, team_for
from app.training import catalogue, overview, progress
from app.training.forms import CompletionForm
from app.training.overview import PersonRow, Wanted
from app.training.routes import people


def wanted() -> Wanted:
    """From the URL. What cannot be read there is as if it were not."""
    team_id = request.args.get("team", type=int)
    state = request.args.get("state", "")
    return Wanted(
        team=team_for(the_viewer(), team_id) if team_id else None,
        course_id=request.args.get("course", type=int),
        state=next((known for known in overview.STATES if known == state), "all"),
        words=request.args.get("q", "").strip()[:100],
    )


@people.get("/people", endpoint="index")
@requires(Permission.TRAINING_ASSIGN)
def index() -> ResponseReturnValue:
    viewer, asked = the_viewer(), wanted()
    page = page_of_rows(overview.people(viewer, asked), request.args.get("page", 1, type=int), 30)
    return render_template(
        "training/people.html",
        wanted=asked,
        page=page,
        people=[PersonRow(*row) for row in page.items],
        whole=overview.whole(viewer, asked),
        by_team=overview.by_team(viewer, asked),
        by_course=overview.by_course(viewer, asked) if asked.course_id is None else [],
        teams=overview.team_options(viewer),
        courses=catalogue.assignable(viewer),
    )


@people.get("/people/<int:person_id>")
@requires(Permission.TRAINING_ASSIGN)
def person(person_id: int) -> ResponseReturnValue:
    return person_page(person_id)


def person_page(person_id: int, status: int = 200, **context: Any) -> ResponseReturnValue:
    viewer = the_viewer()
    found = person_for(viewer, person_id)
    if found.id == viewer.person_id:
        raise NotFound
    lines = progress.lines_of(found.id)
    page = render_template(
        "training/person.html",
        person=found,
        todo=[line for line in lines if line.completed_on is None],
        done=[line for line in lines if line.completed_on is not None],
        **{"completion": CompletionForm(formdata=None), "refused": None, **context},
    )
    return page, status
