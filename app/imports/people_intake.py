"""Rows of people set against who is known: found, made, moved; teams and managers on the way."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core.errors import DomainError
from app.core.permissions import Role
from app.extensions import db
from app.imports import changes
from app.imports.kinds import Outcome
from app.imports.problems import Bad
from app.imports.staging import Collected, Row
from app.people import operations
from app.people.models import Function, Person, Team
from app.people.operations import NewPerson


@dataclass(slots=True)
class Draft:
    """A row on its way to a person, or somebody whom rows only name as a manager."""

    row: Row | None
    name: str
    email: str | None = None
    person: Person | None = None
    manager: "Draft | Person | None" = None
    path: str | None = None
    manages: bool = False

    @property
    def values(self) -> dict[str, Any]:
        return self.row.values if self.row else {}


class PeopleIntake(Collected):
    def finish(self) -> Outcome:
        self.outcome = Outcome()
        self.known = list(db.session.scalars(select(Person).order_by(Person.id)))
        self._index_known()
        self._adopt_company_name()
        drafts = self._drafts()
        reports = self._managers(drafts)
        self.teams: dict[str, Team] = {}
        before = set(db.session.scalars(select(Team.id)))
        self._create(drafts)
        for draft in drafts:
            if draft.person is not None and draft.row is not None and draft not in self.made:
                self._update(draft)
        self._lead(reports)
        self._note_teams(before)
        self.outcome.also = {name: count for name, count in self.outcome.also.items() if count}
        return self.outcome

    def _index_known(self) -> None:
        self.by_email = {p.email.lower(): p for p in self.known if p.email}
        self.by_number = {p.employee_number: p for p in self.known if p.employee_number}
        self.by_name: dict[str, list[Person]] = {}
        for person in self.known:
            self.by_name.setdefault(person.name.casefold(), []).append(person)
        self.team_of = {team.id: team for team in db.session.scalars(select(Team))}

    def _adopt_company_name(self) -> None:
        """In a portal without anybody, what all paths begin with is the company."""
        paths = [str(row.values["team"]).split("/") for row in self.rows if row.values.get("team")]
        root = operations.root()
        firsts = {path[0].strip() for path in paths}
        is_composed = len(self.job.layout.mapping.columns.get("team", ())) > 1
        is_new = not self.known and len(self.team_of) == 1
        if not is_new or is_composed or len(firsts) != 1 or any(len(path) < 2 for path in paths):
            return
        if (name := firsts.pop()).casefold() != "company":
            root.name = name

    def _drafts(self) -> list[Draft]:
        drafts: list[Draft] = []
        seen: dict[tuple[str, str], Draft] = {}
        taken: set[int] = set()
        same_name = Counter(row.values["name"].casefold() for row in self.rows)
        for row in self.rows:
            values = row.values
            keys = self._keys(values, same_name)
            if earlier := next((seen[key] for key in keys if key in seen), None):
                if earlier.row is not None and earlier.row.values == values:
                    self.outcome.unchanged += 1
                else:
                    first = earlier.row.line if earlier.row else 0
                    self.job.rejects.add_late(row.line, Bad("twice_in_file", "name", first=first))
                continue
            draft = Draft(row, values["name"], values.get("email"), path=values.get("team"))
            try:
                draft.person = self._known_person(values, same_name)
                if draft.person is not None and draft.person.id in taken:
                    raise Bad("ambiguous", "name", value=values["name"])
            except Bad as bad:
                self.job.rejects.add_late(row.line, bad)
                continue
            if draft.person is not None:
                taken.add(draft.person.id)
            seen.update(dict.fromkeys(keys, draft))
            drafts.append(draft)
        return drafts

    def _keys(self, values: dict[str, Any], same_name: Counter[str]) -> list[tuple[str, str]]:
        keys = []
        if values.get("employee_number"):
            keys.append(("number", values["employee_number"]))
        if values.get("email"):
            keys.append(("email", values["email"]))
        if not keys:
            keys.append(("name", f"{values['name'].casefold()}\n{(values.get('team') or '').casefold()}"))
        return keys

    def _known_person(self, values: dict[str, Any], same_name: Counter[str]) -> Person | None:
        """By number, else by e-mail, else by a name that is only one person's, or only one's in that team."""
        by_number = self.by_number.get(values.get("employee_number") or "")
        by_email = self.by_email.get((values.get("email") or "").lower())
        if by_number and by_email and by_number is not by_email:
            raise Bad("ambiguous", "email", value=values["email"])
        if by_number or by_email:
            return by_number or by_email
        candidates = [
            person
            for person in self.by_name.get(values["name"].casefold(), [])
            if not (values.get("email") and person.email)
            and not (values.get("employee_number") and person.employee_number)
        ]
        path = (values.get("team") or "").casefold()
        in_team = [
            p for p in candidates if path and p.team_id and self._path_ends(self.team_of[p.team_id], path)
        ]
        if len(in_team) == 1:
            return in_team[0]
        if len(candidates) == 1 and same_name[values["name"].casefold()] == 1:
            return candidates[0]
        if len(candidates) > 1 and not path:
            raise Bad("ambiguous", "name", value=values["name"])
        return None

    def _path_ends(self, team: Team, path: str) -> bool:
        names = [self.team_of[key].name.casefold() for key in team.path]
        told = [part.strip() for part in path.split("/") if part.strip()]
        return names[len(names) - len(told) :] == told

    def _managers(self, drafts: list[Draft]) -> dict[str, list[Draft]]:
        """Find each draft's manager, making one where nobody is. Returns the drafts by their team's path."""
        by_email = {draft.email: draft for draft in drafts if draft.email}
        by_number = {str(n): d for d in drafts if (n := d.values.get("employee_number"))}
        by_name: dict[str, list[Draft]] = {}
        for draft in drafts:
            by_name.setdefault(draft.name.casefold(), []).append(draft)
        by_path: dict[str, list[Draft]] = {}
        for draft in list(drafts):
            word = draft.values.get("manager")
            if draft.path:
                by_path.setdefault(draft.path.casefold(), []).append(draft)
            if not word:
                continue
            named = by_name.get(word.casefold(), [])
            known = self.by_name.get(word.casefold(), [])
            found: Draft | Person | None = (
                by_email.get(word.lower())
                or self.by_email.get(word.lower())
                or by_number.get(word)
                or self.by_number.get(word)
                or (named[0] if len(named) == 1 else None)
                or (known[0] if len(known) == 1 and not named else None)
            )
            if found is None and (len(named) > 1 or len(known) > 1):
                drafts.remove(draft)
                assert draft.row is not None
                self.job.rejects.add_late(draft.row.line, Bad("ambiguous", "manager", value=word))
                continue
            if found is None:
                email = word.lower() if "@" in word else None
                found = Draft(None, word, email, path=draft.path)
                drafts.append(found)
                by_name.setdefault(word.casefold(), []).append(found)
                if email:
                    by_email[email] = found
                self.outcome.also["managers"] = self.outcome.also.get("managers", 0) + 1
            if isinstance(found, Draft):
                found.manages = True
            draft.manager = found
        return by_path

    # Writing

    def _team(self, path: str | None) -> Team:
        key = (path or "").casefold()
        team = self.teams.get(key)
        if team is None:
            made = operations.team_by_path(path, by_id=self.job.actor_id) if path else None
            team = self.teams[key] = made or operations.root()
        return team

    def _create(self, drafts: list[Draft]) -> None:
        """In waves: nobody before their manager."""
        self.made: list[Draft] = []
        waiting = [draft for draft in drafts if draft.person is None]
        while waiting:
            ready = [d for d in waiting if not isinstance(d.manager, Draft) or d.manager.person is not None]
            if not ready:
                for draft in waiting:
                    self._refuse(draft, Bad("manager_loop", "manager"))
                return
            waiting = [draft for draft in waiting if draft not in ready]
            sound = [draft for draft in ready if self._is_sound(draft)]
            people = operations.create_people([self._new(draft) for draft in sound], by_id=self.job.actor_id)
            for draft, person in zip(sound, people, strict=True):
                draft.person = person
                self.made.append(draft)
                if draft.row is not None:
                    self.outcome.created += 1
                    if len(self.outcome.additions) < 5:
                        told = {k: changes.plain(v) for k, v in draft.values.items() if v is not None}
                        self.outcome.additions.append(told)
                left_on = draft.values.get("left_on")
                if left_on is not None:
                    operations.leave(person, left_on, by_id=self.job.actor_id)

    def _is_sound(self, draft: Draft) -> bool:
        hired_on, left_on = draft.values.get("hired_on"), draft.values.get("left_on")
        if hired_on and left_on and left_on < hired_on:
            self._refuse(draft, Bad("left_before_hired", "left_on"))
            return False
        return True

    def _refuse(self, draft: Draft, bad: Bad) -> None:
        if draft.row is not None:
            self.job.rejects.add_late(draft.row.line, bad)

    def _new(self, draft: Draft) -> NewPerson:
        values = draft.values
        manager = draft.manager.person if isinstance(draft.manager, Draft) else draft.manager
        role = values.get("role") or (Role.MANAGER if draft.manages or draft.row is None else Role.REP)
        return NewPerson(
            name=draft.name,
            role=Role(role),
            email=draft.email,
            employee_number=values.get("employee_number"),
            hired_on=values.get("hired_on") or values.get("left_on"),
            locale=values.get("locale"),
            team=self._team(draft.path),
            manager=manager,
            import_id=self.job.import_id,
        )

    def _update(self, draft: Draft) -> None:
        """An empty cell leaves what is known; a later first or last day is taken over."""
        person, values = draft.person, draft.values
        assert person is not None
        fields = ("name", "role", "email", "employee_number", "hired_on", "locale")
        before = {name: getattr(person, name) for name in fields}
        wanted = {n: values[n] if values.get(n) is not None else before[n] for n in fields}
        wanted["role"] = Role(wanted["role"])
        before |= {"team_id": person.team_id, "manager_id": person.manager_id, "left_on": person.left_on}
        if person.id == self.job.actor_id and wanted["role"] is not person.role:
            return self._refuse(draft, Bad("own_role", "role"))
        manager = draft.manager.person if isinstance(draft.manager, Draft) else draft.manager
        actor = self.job.actor_id
        try:
            with db.session.begin_nested():
                operations.update_person(person, **wanted, by_id=actor, import_id=self.job.import_id)
                if draft.path and person.left_on is None:
                    operations.place(person, self._team(draft.path), self.job.today, by_id=actor)
                if manager is not None and person.left_on is None and manager.id != person.manager_id:
                    operations.set_manager(person, manager, self.job.today, by_id=actor)
                if (left_on := values.get("left_on")) is not None and person.left_on is None:
                    operations.leave(person, left_on, by_id=actor)
        except DomainError as error:
            db.session.refresh(person)
            return self._refuse(draft, Bad("refused", getattr(error, "field", None), text=str(error.message)))
        after = {name: getattr(person, name) for name in before}
        changed = [name for name in before if before[name] != after[name]]
        if not changed:
            self.outcome.unchanged += 1
            return None
        self.outcome.updated += 1
        was = {name: before[name] for name in changed}
        now = {name: after[name] for name in changed}
        changes.note(self.job.import_id, person, was, now)
        if len(self.outcome.changes) < 20:
            shown = [[n, self._shown(n, was[n]), self._shown(n, now[n])] for n in changed]
            self.outcome.changes.append({"key": person.name, "fields": shown})
        return None

    def _shown(self, name: str, value: Any) -> Any:
        if name == "team_id" and value is not None:
            team = db.session.get(Team, value)
            return team.name if team else value
        if name == "manager_id" and value is not None:
            person = db.session.get(Person, value)
            return person.name if person else value
        return changes.plain(value)

    def _lead(self, by_path: dict[str, list[Draft]]) -> None:
        """A team without a lead is led by the one whom all told members report to."""
        for path, members in by_path.items():
            team = self.teams.get(path)
            told = [m.manager for m in members if m.person is not None and m.manager is not None]
            managers = {boss.person if isinstance(boss, Draft) else boss for boss in told}
            if team is None or team.lead_id is not None or team.parent_id is None or len(managers) != 1:
                continue
            if (manager := managers.pop()) is not None:
                team.lead_id = manager.id
        db.session.flush()

    def _note_teams(self, before: set[int]) -> None:
        made = db.session.scalars(select(Team).where(Team.id.not_in(before)).order_by(Team.id)).all()
        for team in made:
            if team.function is Function.OTHER:
                team.function = Function.SALES  # people with sales are what files are for
            changes.note(self.job.import_id, team, {}, {"name": team.name})
        self.outcome.also["teams"] = len(made)
