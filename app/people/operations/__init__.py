"""What can be done with people and teams; the rooms above call these names."""

from app.people.operations.access import invite, invite_one
from app.people.operations.days_off import add_days_off, remove_days_off
from app.people.operations.founding import CompanyFacts, found, found_company
from app.people.operations.leaving import bring_back, leave, turn_day
from app.people.operations.persons import NewPerson, create_people, create_person, update_person
from app.people.operations.placing import place, set_manager
from app.people.operations.teams import (
    archive_team,
    create_team,
    restore_team,
    root,
    team_by_path,
    update_team,
)
from app.people.operations.upkeep import forget_access

__all__ = (
    "CompanyFacts",
    "NewPerson",
    "add_days_off",
    "archive_team",
    "bring_back",
    "create_people",
    "create_person",
    "create_team",
    "forget_access",
    "found",
    "found_company",
    "invite",
    "invite_one",
    "leave",
    "place",
    "remove_days_off",
    "restore_team",
    "root",
    "set_manager",
    "team_by_path",
    "turn_day",
    "update_person",
    "update_team",
)
