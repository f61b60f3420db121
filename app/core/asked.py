"""What an address or a form says, as far as the database can hold it."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, ValidationError

MOST = 2**53  # no key, page or year is beyond; times a page's size it is still a bigint


def whole(text: str) -> int:
    """Raises ValueError for what is no number, or one that nothing here has."""
    number = int(text)
    if abs(number) > MOST:
        raise ValueError(text)
    return number


class Asked(ImmutableMultiDict[str, Any]):
    """Without zero bytes, which no text column holds; a number beyond all is as if none were given."""

    def __init__(self, mapping: Iterable[tuple[str, Any]] | None = None) -> None:
        if mapping is not None and not isinstance(mapping, MultiDict):
            mapping = [(name.replace("\0", ""), _without_zeros(value)) for name, value in mapping]
        super().__init__(mapping)

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002 - werkzeug's names
        if key not in self:  # werkzeug would raise and catch
            return default
        return super().get(key, default, whole if type is int else type)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002 - as above
        return super().getlist(key, whole if type is int else type)


def _without_zeros(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


class Key(IntegerConverter):
    """`<int:...>` in a rule."""

    def to_python(self, value: str) -> int:
        try:
            return whole(value)
        except ValueError:
            raise ValidationError from None


def init_app(app: Flask) -> None:
    """Before any route is added, and after whoever else says what a request is."""

    class Request(app.request_class):  # type: ignore[name-defined]  # htmx-flask has its own
        parameter_storage_class = Asked

    app.request_class = Request
    app.url_map.converters["int"] = Key

    @app.before_request
    def refuse_zeros() -> None:
        if "\0" in request.path:
            abort(404)
