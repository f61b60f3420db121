from tests.route_examples import Example

EXAMPLES = {
    "home.show": [Example()],
    "home.my_goals": [Example(is_fragment=True, reached_by={"ana", "luis"})],
    "home.standing": [Example(is_fragment=True)],
    "home.team": [Example(is_fragment=True, reached_by={"marta", "omar"})],
    "home.news": [Example(is_fragment=True, reached_by={"marta", "omar"})],
    "home.company": [Example(is_fragment=True, reached_by={"ximena"})],
}
