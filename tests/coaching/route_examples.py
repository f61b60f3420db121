"""Which plans, sessions, notes and cases each member of the cast reaches: each in a file of its own."""

from tests.coaching import hr_examples, plan_examples, session_examples

EXAMPLES = {**hr_examples.EXAMPLES, **plan_examples.EXAMPLES, **session_examples.EXAMPLES}
