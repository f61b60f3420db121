"""Rows of a board, each made once and kept with it: who looks changes only their own row, and whose
names and sales they may see."""

from collections.abc import Iterable
from typing import Any

from flask import current_app, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.leaderboards.board import Board
from app.leaderboards.filters import Mode, Of
from app.leaderboards.queries.choices import Choice
from app.leaderboards.queries.scope import Scope
from app.leaderboards.routes.links import records_url
from app.leaderboards.standing import Standing
from app.leaderboards.words import value_words

MOST_KEPT = 4_000  # rows a board: its top and busy places in a few languages
_EMPTY = Markup("")


def rows(
    choice: Choice, board: Board, standings: Iterable[Standing], scope: Scope, own_key: int | None
) -> Markup:
    kept: dict[Any, tuple[Standing, Markup]] = board.kept.setdefault("rows", {})
    locale = str(get_locale())
    made = []
    for standing in standings:
        is_own = standing.key == own_key
        is_known = is_own or standing.key in scope.keys
        name = (standing.key, locale, is_known, scope.may_follow, is_own)
        found = kept.get(name)
        if found is None or (found[0] is not standing and found[0] != standing):
            row = _row(choice, board, standing, is_known, is_known and scope.may_follow, is_own)
            found = (standing, row)
            if not is_own:
                if len(kept) >= MOST_KEPT:
                    kept.clear()
                kept[name] = found
        made.append(found[1])
    return _EMPTY.join(made)


def _row(
    choice: Choice, board: Board, standing: Standing, is_known: bool, may_follow: bool, is_own: bool
) -> Markup:
    mode, of_people = choice.filter.mode, choice.filter.of is Of.PEOPLE
    value, exact, note = value_words(standing, choice.metric, mode)
    is_named = is_known or not standing.is_hidden
    if standing.is_hidden and is_known:
        note = ", ".join(part for part in (note, _("others see no name")) if part)
    link = None
    if may_follow:
        subject = {"person" if of_people else "team": standing.key}
        link = records_url(choice.metric, choice.period, **subject)
    kind = "person" if of_people else "team"
    macros: Any = current_app.jinja_env.get_template("components/standings.html").module
    row: Markup = macros.standing_row(
        rank=standing.rank if standing.rank is not None else "–",
        name=standing.name if is_named else _("Name not shown"),
        value=value,
        change=standing.change,
        share=standing.attainment if mode is Mode.VALUE else None,
        is_own=is_own,
        note=note,
        href=url_for("people.show", person_id=standing.key) if is_known and of_people else None,
        value_href=link,
        title=exact,
        # An id would tell who it is.
        row_id=f"{kind}-{standing.key}" if is_named else None,
        show_change=board.facts.has_change,
        own_word=None if of_people else _("your team"),
    )
    return row
