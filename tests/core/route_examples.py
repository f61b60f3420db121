"""Routes of the ground floor: see tests/route_examples.py."""

from tests.route_examples import Example

EXAMPLES = {"health.show": [Example()]}
