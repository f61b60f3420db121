"""Words with figures in them, as people keep them in templates and rules. Pure."""

import re
from collections.abc import Mapping

IN_TITLES = frozenset({"product", "peer", "course"})
IN_REASONS = frozenset({"share", "amount", "product", "peer", "course", "now", "before", "peers", "cases"})
_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


def places(text: str) -> set[str]:
    """The names in braces."""
    return set(_PLACE.findall(text))


def fill(text: str, values: Mapping[str, str | None]) -> str:
    """Every {name} by its value. A sentence that names something unknown is left out."""
    known = {name: value for name, value in values.items() if value}
    told = [sentence for sentence in _SENTENCE.split(text.strip()) if places(sentence) <= set(known)]
    return _PLACE.sub(lambda found: known[found[1]], " ".join(told))


def fill_title(text: str, values: Mapping[str, str | None]) -> str:
    """A title cannot leave anything out: what is unknown goes, with the colon or comma before it."""
    for name in places(text):
        if not values.get(name):
            text = re.sub(r"\s*[:,]?\s*\{" + name + r"\}", "", text)
    return _PLACE.sub(lambda found: values[found[1]] or "", text).strip()
