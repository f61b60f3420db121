"""Intakes: rows kept in memory for kinds of thousands, or copied to a temporary table for millions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.extensions import db
from app.imports.kinds import Column, Intake, Job, Kind
from app.imports.matching import Names
from app.imports.parsing import Kept, copied
from app.imports.problems import Bad
from app.imports.readers import Read, amounts, reader

STAGE = "import_stage"


def run(sql: str, **parameters: Any) -> Any:
    """Straight to the driver; parameters are written %(name)s."""
    return db.session.connection().exec_driver_sql(sql, parameters)


class Reading(Intake):
    """What both share: one reader a column, and all that is wrong with a row that fails."""

    def __init__(self, kind: Kind, job: Job) -> None:
        self.kind = kind
        self.job = job
        self.columns = [column for column in kind.columns if column.name in job.layout.places]
        self.names: dict[str, Names] = {}
        for column in kind.columns:
            if column.type != "name":
                continue
            aliases = job.layout.mapping.values.get(column.name, {})
            make = kind.maker(column.name, job) if column.name in job.layout.mapping.create else None
            if (names := kind.names(column.name, aliases, make)) is not None:
                self.names[column.name] = names
        self.words: dict[str, dict[str, str]] = {}
        self.readers: dict[str, Read] = {c.name: reader(c, job, self.names, self.words) for c in self.columns}
        self.width = len(job.layout.header)
        self.currency = job.layout.mapping.defaults.get("currency", job.currency)  # where a row says none
        self.currency_place = job.layout.places.get("currency")

    @property
    def matched(self) -> dict[str, dict[str, str]]:  # type: ignore[override]  # gathered while it runs
        return {
            **self.words,
            **{column: names.matched for column, names in self.names.items() if names.matched},
        }

    def check_width(self, row: Sequence[Any]) -> None:
        if len(row) != self.width:
            if len(row) < self.width:
                raise Bad("too_few_cells", found=len(row), expected=self.width)
            if any(str(cell).strip() for cell in row[self.width :]):
                raise Bad("too_many_cells", found=len(row), expected=self.width)

    def reject(self, line: int, row: list[Any]) -> None:
        """Say everything that is wrong with the row, not only what was met first."""
        bads: list[Bad] = []
        try:
            self.check_width(row)
        except Bad as bad:
            self.job.rejects.add(line, row, [bad])
            return
        full = extend(row[: self.width]) if (extend := self.job.layout.extended) else row
        for column in self.columns:
            try:
                self.reader_in(column, full)(full[self.job.layout.places[column.name]])
            except Bad as bad:
                bad.column = column.name
                bads.append(bad)
        self.job.rejects.add(line, row, bads or [Bad("other")])

    def reader_in(self, column: Column, row: Sequence[Any]) -> Read:
        """Of a column in this row: an amount has the decimals of its row's currency."""
        if column.type != "amount" or self.currency_place is None:
            return self.readers[column.name]
        try:
            code = self.readers["currency"](row[self.currency_place])
        except Bad:
            code = None
        return amounts(column, self.job, code or self.currency)


@dataclass(slots=True)
class Row:
    line: int
    values: dict[str, Any]  # by our column; one that the file does not have is not in it


class Collected(Reading):
    """Rows in memory. `merge` makes them ours; it may reject more."""

    def __init__(self, kind: Kind, job: Job) -> None:
        super().__init__(kind, job)
        self.rows: list[Row] = []
        self._by_row = [c for c in self.columns if c.type == "amount" and self.currency_place is not None]
        plain = self.readers.keys() - {column.name for column in self._by_row}
        self._kept = {name: Kept(read) for name, read in self.readers.items() if name in plain}

    def take(self, lines: Sequence[int], rows: Sequence[list[Any]]) -> None:
        places, extend = self.job.layout.places, self.job.layout.extended
        for line, row in zip(lines, rows, strict=True):
            try:
                self.check_width(row)
                full = extend(row[: self.width]) if extend else row
                values = {name: kept[full[places[name]]] for name, kept in self._kept.items()}
                for column in self._by_row:
                    values[column.name] = self.reader_in(column, full)(full[places[column.name]])
            except Bad:
                self.reject(line, row)
            else:
                self.rows.append(Row(line, values))


class Staged(Reading):
    """Rows in the temporary table `import_stage`, one column for each of ours, `line` beside."""

    types: dict[str, str]

    def __init__(self, kind: Kind, job: Job) -> None:
        super().__init__(kind, job)
        amount_columns = [column for column in self.columns if column.type == "amount"]
        plain = [column for column in self.columns if column.type != "amount"]
        places = job.layout.places
        self._plan = [(self._kept(self.readers[c.name]), places[c.name]) for c in plain]
        self._currency_at = next((i for i, c in enumerate(plain) if c.type == "currency"), None)
        self._amount_places = [places[c.name] for c in amount_columns]
        self._amount_columns = amount_columns
        self._amounts: dict[str, list[Kept]] = {}
        self._copy = f"COPY {STAGE} (line, {', '.join(c.name for c in [*plain, *amount_columns])}) FROM STDIN"
        run(f"DROP TABLE IF EXISTS pg_temp.{STAGE}")
        columns = ", ".join(f"{name} {kind_of}" for name, kind_of in self.types.items())
        run(f"CREATE TEMPORARY TABLE {STAGE} (line bigint NOT NULL, {columns}) ON COMMIT DROP")

    @staticmethod
    def _kept(read: Read) -> Kept:
        return Kept(lambda cell: copied(read(cell)))

    def _amounts_in(self, currency: str) -> list[Kept]:
        found = self._amounts.get(currency)
        if found is None:
            known = self.currency if currency == r"\N" else currency
            found = [self._kept(amounts(column, self.job, known)) for column in self._amount_columns]
            self._amounts[currency] = found
        return found

    def take(self, lines: Sequence[int], rows: Sequence[list[Any]]) -> None:
        plan, width, extend = self._plan, self.width, self.job.layout.extended
        currency_at, amount_places = self._currency_at, self._amount_places
        amounts_kept = self._amounts_in(r"\N")
        texts: list[str] = []
        for line, row in zip(lines, rows, strict=True):
            try:
                if len(row) != width:
                    self.check_width(row)
                full = extend(row[:width]) if extend else row
                cells = [kept[full[place]] for kept, place in plan]
                if currency_at is not None:
                    amounts_kept = self._amounts_in(cells[currency_at])
                cells += [kept[full[place]] for kept, place in zip(amounts_kept, amount_places, strict=True)]
            except Bad:
                self.reject(line, row)
            else:
                texts.append(f"{line}\t" + "\t".join(cells))
        if texts:
            driver = db.session.connection().connection.driver_connection
            assert driver is not None
            with driver.cursor() as cursor, cursor.copy(self._copy) as copy:
                copy.write("\n".join(texts) + "\n")
