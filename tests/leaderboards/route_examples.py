from types import SimpleNamespace
from typing import Any

from app.leaderboards.operations import create_screen
from tests.route_examples import Example


def _screen_of(name: str) -> Any:
    def arguments(cast: SimpleNamespace) -> dict[str, Any]:
        maker = getattr(cast, name)
        return {"screen_id": create_screen("Hall", BOARDS, seconds=20, locale=None, by=maker.id)[0].id}

    return arguments


def _token(cast: SimpleNamespace) -> dict[str, Any]:
    return {"token": create_screen("Hall", BOARDS, seconds=20, locale=None, by=cast.alba.id)[1]}


BOARDS = [{"metric": "revenue", "period": "month"}]
EXAMPLES = {
    "leaderboards.index": [Example()],
    "leaderboards.board": [Example(is_fragment=True)],
    "leaderboards.history": [Example()],
    "leaderboards.team_names": [Example(is_fragment=True)],
    "leaderboards.tv": [Example(_token)],
    "leaderboards.tv_boards": [Example(_token, is_fragment=True)],
    "screens.index": [Example()],
    "screens.new": [Example()],
    "screens.create": [Example()],
    "screens.revoke": [
        Example(_screen_of("marta"), "one's own", reached_by={"marta", "alba"}),
        Example(_screen_of("alba"), "an administrator's", reached_by={"alba"}),
    ],
}
