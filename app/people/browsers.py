"""A browser's own description, in words that people know."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_words(description: str | None) -> tuple[str | None, str | None]:
    """Browser and system, each None where it is not told: ("Chrome", "Android")."""
    text = description or ""
    return _first(_BROWSERS, text), _first(_SYSTEMS, text)


def _first(table: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for part, name in table if part in text), None)
