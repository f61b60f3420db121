from tests.route_examples import Example

EXAMPLES = {
    "home.show": [Example()],
    "home.my_goals": [Example(reached_by={"ana", "luis"})],
    "home.standing": [Example()],
    "home.team": [Example(reached_by={"marta", "omar"})],
    "home.news": [Example(reached_by={"marta", "omar"})],
    "home.company": [Example(reached_by={"ximena"})],
}
