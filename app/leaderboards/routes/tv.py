"""What a screen on a wall shows: a page behind a link, without navigation, for days on end."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from flask import abort, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup

from app.core import live
from app.core.permissions import public
from app.leaderboards import kept, operations, words
from app.leaderboards.filters import Of
from app.leaderboards.queries import choices
from app.leaderboards.queries.choices import Choice
from app.leaderboards.queries.scope import NOBODY
from app.leaderboards.queries.screens import screen_of
from app.leaderboards.queries.wins import new_wins
from app.leaderboards.routes import bp
from app.leaderboards.routes.rows import rows

if TYPE_CHECKING:
    from app.leaderboards.models import TvLink

ROWS = 7  # fit 1280 x 720
SEEN_EVERY = 60.0  # seconds
_seen: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class ScreenBoard:
    choice: Choice
    name: str
    rows: Markup
    is_empty: bool


def seen(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Note, once a minute, that a screen's link is in use; unchanged answers count too."""

    @wraps(view)
    def answer(token: str) -> ResponseReturnValue:
        response = make_response(view(token))
        now = time.monotonic()
        if response.status_code in {200, 304} and now - _seen.get(token, -SEEN_EVERY) >= SEEN_EVERY:
            _seen[token] = now
            operations.mark_seen(token)
        return response

    return answer


@bp.get("/tv/<token>")
@public
@seen
def tv(token: str) -> ResponseReturnValue:
    screen = _screen(token)
    with _language(screen):
        return render_template("leaderboards/tv.html", **_shown(screen, token))


@bp.get("/tv/<token>/boards")
@public
@seen
@live.live("totals", "sales", "goals", "people", "metrics", "periods", "company", "tv")
def tv_boards(token: str) -> ResponseReturnValue:
    """The part that the screen asks for again and again; gone once the link is revoked."""
    screen = _screen(token)
    with _language(screen):
        return render_template("leaderboards/_tv.html", **_shown(screen, token))


def _screen(token: str) -> "TvLink":
    screen = screen_of(token)
    if screen is None:
        abort(404)
    return screen


def _language(screen: "TvLink") -> AbstractContextManager[None]:
    found: AbstractContextManager[None] = force_locale(screen.locale) if screen.locale else nullcontext()
    return found


def _shown(screen: "TvLink", token: str) -> dict[str, object]:
    chosen = [choice for asked in screen.boards if (choice := choices.choose(_asked(asked))) is not None]
    teams = [choice.filter.team_id for choice in chosen]
    own = [team for team in teams if team is not None]
    wins = new_wins(own if len(own) == len(teams) else ())
    if wins:
        live.holds_until(min(win.until for win in wins))
    return {
        "screen": screen,
        "token": token,
        "boards": [_board(choice) for choice in chosen],
        "wins": wins,
        "words": words,
    }


def _asked(asked: dict[str, str]) -> dict[str, str]:
    """As a board's URL says it: teams by result are a comparison on the form."""
    compare = asked.get("compare", "")
    by = {"of": Of.TEAMS.value} if compare == Of.TEAMS.value else {"mode": compare}
    return {name: value for name, value in asked.items() if name != "compare"} | by


def _board(choice: Choice) -> ScreenBoard:
    board = kept.board(choice.filter)
    view = board.view(None, top=ROWS)
    return ScreenBoard(
        choice=choice,
        name=words.board_name(choice),
        rows=rows(choice, board, view.top, NOBODY, None),
        is_empty=not view.top,
    )
