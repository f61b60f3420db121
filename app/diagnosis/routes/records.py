"""The records behind a finding, and behind what a department is asked."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.errors import NotFound
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.diagnosis import behind, queries, words
from app.diagnosis.findings import Cause
from app.diagnosis.queries import reviews
from app.diagnosis.routes import cases_bp, reviews_bp


@cases_bp.get("/cases/<int:case_id>/findings/<int:finding_id>/records/<int:part>")
@requires(Permission.DIAGNOSIS_VIEW)
def records(case_id: int, finding_id: int, part: int) -> ResponseReturnValue:
    viewer = the_viewer()
    case = queries.case_for(viewer, case_id)
    finding = queries.finding_of(case, finding_id)
    if finding.cause is Cause.CAPABILITY and not queries.is_capability_open(case).is_open:
        raise NotFound
    back = url_for("cases.show", case_id=case.id)
    return _page(finding.records, part, words.headline(finding), back, is_department=False)


@reviews_bp.get("/<int:review_id>/records/<int:part>")
@requires(Permission.REVIEWS_VIEW)
def review_records(review_id: int, part: int) -> ResponseReturnValue:
    review = reviews.review_for(the_viewer(), review_id)
    back = url_for("reviews.show", review_id=review.id)
    found = review.evidence.get("records", [])
    return _page(found, part, words.review_title(review), back, is_department=True)


def _page(found: Any, part: int, title: str, back: str, *, is_department: bool) -> ResponseReturnValue:
    if not 0 <= part < len(found):
        raise NotFound
    viewer, chosen = the_viewer(), found[part]
    is_of_training = behind.is_of_training(chosen)
    number = request.args.get("page", 1, type=int)
    page = None if is_of_training else behind.page_of(viewer, chosen, number, department=is_department)

    def url_of(number: int) -> str:
        return f"{request.path}?page={number}"

    return render_template(
        "diagnosis/records.html",
        title=title,
        back=back,
        chosen=chosen,
        page=page,
        trainings=behind.trainings_of(viewer, chosen) if is_of_training else None,
        number=behind.number_of(chosen),
        is_department=is_department,
        newer=url_of(page.number - 1) if page and page.has_previous else None,
        older=url_of(page.number + 1) if page and page.has_next else None,
    )
