"""Root-cause reviews: by department, age and money at stake; and each with its evidence."""

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.diagnosis import review_pages
from app.diagnosis.forms import (
    ActionForm,
    CommentForm,
    ConfirmForm,
    DecideForm,
    HandOverForm,
    RejectForm,
    named,
)
from app.diagnosis.queries import reviews
from app.diagnosis.routes import reviews_bp as bp
from app.goals.words import period_name

if TYPE_CHECKING:
    from app.diagnosis.models import Review

TABS = ("waiting", "acting", "over", "all")


@bp.get("")
@requires(Permission.REVIEWS_VIEW)
def index() -> ResponseReturnValue:
    viewer = the_viewer()
    status = request.args.get("status", "waiting")
    status = status if status in TABS else "waiting"
    everything = reviews.reviews(viewer, reviews.Filter())
    periods = {review.period_id: review.period for review in everything}
    latest = sorted(periods.values(), key=lambda one: (one.ends_on, one.id), reverse=True)
    period = next((one for one in latest if one.key == request.args.get("period")), None)
    team_id = request.args.get("team", type=int)
    of_filter = [
        one
        for one in everything
        if (period is None or one.period_id == period.id) and (team_id is None or one.team_id == team_id)
    ]
    found = [one for one in of_filter if status == "all" or reviews.tab_of(one) == status]
    given = {"period": period.key if period else None, "team": team_id}
    return render_template(
        "diagnosis/reviews.html",
        found=found,
        period=period,
        departments=reviews.by_department(of_filter) if len({one.team_id for one in everything}) > 1 else (),
        own_actions=reviews.own_actions(viewer),
        tabs=[
            {
                "label": label,
                "url": url_for("reviews.index", status=tab, **given),  # type: ignore[arg-type]  # words of the URL
                "is_current": tab == status,
                "count": sum(tab in ("all", reviews.tab_of(one)) for one in of_filter) or None,
            }
            for tab, label in zip(TABS, (_("Waiting"), _("Being acted on"), _("Over"), _("All")), strict=True)
        ],
        periods=[("", _("All periods")), *((one.key, period_name(one)) for one in latest)],
        status=status,
        team_id=team_id,
        today=clock.today(),
    )


@bp.get("/<int:review_id>")
@requires(Permission.REVIEWS_VIEW)
def show(review_id: int) -> ResponseReturnValue:
    review = reviews.review_for(the_viewer(), review_id)
    return render_template("diagnosis/review.html", **context(review))


def context(review: "Review", **forms: Any) -> dict[str, Any]:
    page = review_pages.review_page(the_viewer(), review)
    owners = [(one.id, one.name) for one in page.owners]
    action = forms.get("action") or ActionForm(None)
    action.owner.choices = owners
    hand_over = forms.get("hand_over") or HandOverForm(None, version=review.version, owner=review.owner_id)
    hand_over.owner.choices = owners
    return {
        "page": page,
        "review": review,
        "today": clock.today(),
        "confirm": named(forms.get("confirm") or ConfirmForm(None, version=review.version), "confirm"),
        "reject": named(forms.get("reject") or RejectForm(None, version=review.version), "reject"),
        "decide": named(forms.get("decide") or DecideForm(None, version=review.version), "decide"),
        "action": named(action, "action"),
        "hand_over": named(hand_over, "hand-over"),
        "comment": named(forms.get("comment") or CommentForm(None), "comment"),
    }
