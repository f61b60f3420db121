from dataclasses import dataclass
from decimal import Decimal

from flask import request
from flask.typing import ResponseReturnValue

from app.core.hx import page_or_fragment
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals.words import period_name
from app.leaderboards import past, words
from app.leaderboards.filters import BoardFilter
from app.leaderboards.queries import choices
from app.leaderboards.queries.history import Past, past_figures
from app.leaderboards.routes import bp
from app.leaderboards.routes.links import records_url
from app.leaderboards.standing import exact

PERIODS = 6


@dataclass(frozen=True, slots=True)
class PastPlace:
    name: str
    figure: Decimal | None
    rank: int
    members: int
    url: str | None
    is_best: bool


@bp.get("/standings/history")
@requires(Permission.STANDINGS_VIEW)
@live("totals", "people", "metrics", "periods", "company")
def history() -> ResponseReturnValue:
    """One's own figures and places in the periods before, and one's best."""
    viewer = the_viewer()
    choice = choices.choose(request.args)
    figures = past_figures(choice.metric, choice.period, viewer.person_id) if choice is not None else []
    better = max if choice is None or choice.metric.is_higher_better else min
    best = better(figures, key=lambda each: each.figure) if figures else None

    def place(each: Past) -> PastPlace:
        assert choice is not None
        metric = choice.metric
        ladder = past.ladder(BoardFilter(metric.id, each.period.id, choice.filter.team_id))
        return PastPlace(
            name=period_name(each.period),
            figure=exact(each.figure),
            rank=ladder.place_of(each.figure),
            members=len(ladder),
            url=records_url(metric, each.period, person=viewer.person_id),
            is_best=best is not None and each.figure == best.figure,
        )

    return page_or_fragment(
        "leaderboards/history.html",
        "leaderboards/_history.html",
        choice=choice,
        words=words,
        places=[place(each) for each in figures[:PERIODS]],
        best=place(best) if best is not None else None,
    )
