"""The catalogues of the rooms: app/<room>/translations/{es,en}/LC_MESSAGES/messages.po.

English is the key, so `en` repeats it (Babel needs it for plurals); `es` is written by people. A text new in
one room and translated in another is taken over. Several people may run this at once, each for their rooms.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "_n": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}
KEYWORDS |= {"lazy_pgettext": ((1, "c"), 2), "lazy_npgettext": ((1, "c"), 2, 3)}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]\b|\{\w*\}")
# As the app sets Jinja up: a {% trans %} must come out the same here and there.
JINJA = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # a date in the header would change with every run

Key = tuple[str | None, str]


def rooms() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "app").glob("*/__init__.py"))


def sources(room: str) -> Iterator[tuple[Path, str]]:
    """The files whose texts belong to a room, and how to read them; what is no room's is core's."""
    yield from ((path, "python") for path in (ROOT / "app" / room).rglob("*.py"))
    yield from ((path, "jinja2") for path in (ROOT / "templates" / room).rglob("*.*"))
    if room == "core":
        yield from ((path, "python") for path in (ROOT / "app").glob("*.py"))
        for path in (ROOT / "templates").rglob("*.*"):
            if path.is_file() and path.relative_to(ROOT / "templates").parts[0] not in rooms():
                yield path, "jinja2"


Found = tuple[Path, "str | tuple[str, ...]", list[str], str | None]


def found_in(room: str) -> Iterator[Found]:
    for path, method in sorted(sources(room)):
        if path.suffix not in {".py", ".html", ".txt", ".xml", ".svg", ".ics"}:
            continue
        for _, text, comments, context in extract_from_file(
            method, path, keywords=KEYWORDS, comment_tags=["i18n:"], options=JINJA, strip_comment_tags=True
        ):
            yield path, text, comments, context


def extracted(room: str) -> Catalog:
    found = Catalog()
    for _, text, comments, context in found_in(room):
        found.add(text, auto_comments=comments, context=context)
    return found


def wrong_percents(room: str) -> list[str]:
    """Templates format every text, Python only those with placeholders; elsewhere a %% stays one."""
    wrong = []
    for path, text, _, _ in found_in(room):
        for form in [text] if isinstance(text, str) else text:
            signs = PLACEHOLDER.sub("", form)
            formatted = path.suffix != ".py" or signs != form
            if signs.replace("%%", "").count("%") if formatted else "%%" in signs:
                wrong.append(f"write {'%%' if formatted else '%'} for a percent sign: {form!r}")
    return wrong


def path_of(room: str, language: str) -> Path:
    return ROOT / "app" / room / "translations" / language / "LC_MESSAGES" / "messages.po"


def read(room: str, language: str) -> Catalog:
    path = path_of(room, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def key(message: Message) -> Key:
    return message.context, message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def texts(message: Message) -> tuple[str, ...]:
    """All forms of the translation; empty where one is missing."""
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return tuple(form for form in forms if form) if all(forms) else ()


def updated(room: str, language: str, known: dict[Key, tuple[str, ...]]) -> Catalog:
    """The room's texts of today, with their translations of yesterday."""
    old = {key(message): message for message in messages(read(room, language))}
    new = Catalog(
        locale=language,
        header_comment=f"# {'Spanish' if language == 'es' else 'English'} of app/{room}",
        project="cumbre",
        version="1",
        creation_date=EPOCH,
        revision_date=EPOCH,
        last_translator="",
        language_team="",
        msgid_bugs_address="",
        fuzzy=False,
    )
    for message in messages(extracted(room)):
        plural = isinstance(message.id, (tuple, list))
        before = old.get(key(message))
        forms: tuple[str, ...]
        if language == "en":
            forms = tuple(map(str, message.id)) if isinstance(message.id, (tuple, list)) else (message.id,)
        elif before is not None and texts(before) and len(texts(before)) == (2 if plural else 1):
            forms = texts(before)
        else:
            forms = known.get(key(message), ())
            forms = forms if len(forms) == (2 if plural else 1) else ()
        kept = new.add(message.id, auto_comments=message.auto_comments, context=message.context)
        kept.string = (forms or ("", "")) if plural else (forms or ("",))[0]
        if before is not None and before.fuzzy:
            kept.flags.add("fuzzy")
    return new


def written(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(
        file,
        catalog,
        width=110,
        no_location=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    lines = file.getvalue().splitlines(keepends=True)
    dull = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Last-Translator',
        b'"Language-Team',
        b'"Generated-By',
    )
    return b"".join(line for line in lines if not line.startswith((*dull, b'"Report-Msgid', b'"Project-Id')))


def complaints(catalog: Catalog) -> list[str]:
    """What keeps a Spanish catalogue from being shown to anybody."""
    found = []
    for message in messages(catalog):
        name = key(message)[1]
        forms = texts(message)
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        if not forms:
            found.append(f"not translated: {name!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {name!r}")
        elif any(
            sorted(PLACEHOLDER.findall(form)) != sorted(PLACEHOLDER.findall(source))
            for form, source in zip(forms, ids, strict=True)
        ):
            found.append(f"other placeholders than the English: {name!r}")
    return found


def contradictions() -> list[str]:
    """At run time all catalogues are one, so a text has one translation (or a context, by pgettext)."""
    first: dict[Key, tuple[str, tuple[str, ...]]] = {}
    found = []
    for room in rooms():
        for message in messages(read(room, "es")):
            if forms := texts(message):
                other, theirs = first.setdefault(key(message), (room, forms))
                if theirs[0] != forms[0]:
                    found.append(
                        f"{key(message)[1]!r} is {theirs[0]!r} in {other} and {forms[0]!r} in {room}"
                    )
    return found


def replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def compile_all(chosen: list[str]) -> None:
    for room in chosen:
        for language in ("es", "en"):
            if path_of(room, language).exists():
                file = BytesIO()
                write_mo(file, read(room, language))
                replace(path_of(room, language).with_suffix(".mo"), file.getvalue())


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/messages", description="Bring the rooms' catalogues up to date."
    )
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help="all, if none is named")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail where something is missing or stale"
    )
    parser.add_argument("--compile", action="store_true", help="only turn .po into .mo")
    args = parser.parse_args()
    chosen = args.rooms or rooms()
    if unknown := sorted(set(chosen) - set(rooms())):
        parser.error(f"no such room: {', '.join(unknown)}")
    if args.compile:
        compile_all(chosen)
        return 0

    known = {
        key(message): texts(message)
        for room in rooms()
        for message in messages(read(room, "es"))
        if texts(message)
    }
    problems = 0
    for room in chosen:
        for language in ("es", "en"):
            catalog = updated(room, language, known)
            path = path_of(room, language)
            content = written(catalog)
            stale = bool(messages(catalog) or path.exists()) and not (
                path.exists() and path.read_bytes() == content
            )
            if stale and args.check:
                problems += 1
                print(f"{room}: {language} is stale: run bin/messages {room}")
            elif stale:
                replace(path, content)
            if language == "es":
                for complaint in [*complaints(catalog), *wrong_percents(room)]:
                    problems += 1
                    print(f"{room}: {complaint}")
    for contradiction in contradictions():
        problems += 1
        print(contradiction)
    if not args.check:
        compile_all(chosen)
    return 1 if problems and args.check else 0


if __name__ == "__main__":
    sys.exit(main())
