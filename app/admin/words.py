"""What actions of the audit are called; an action without words shows as it is."""

from flask_babel import lazy_gettext as _l

AREAS = {
    "person": _l("People"),
    "days_off": _l("Days off"),
    "team": _l("Teams"),
    "company": _l("Company"),
    "sale": _l("Sales"),
    "import": _l("Imports"),
    "metric": _l("Metrics"),
    "goal": _l("Goals"),
    "period": _l("Periods"),
    "mail": _l("Kept mails"),
    "tv": _l("TV"),
}

ACTIONS = {
    "person.created": _l("Person added"),
    "person.changed": _l("Person changed"),
    "person.moved": _l("Moved to another team"),
    "person.manager_set": _l("Manager changed"),
    "person.left": _l("Left the company"),
    "person.returned": _l("Came back"),
    "person.invited": _l("Invited"),
    "person.signed_in": _l("Signed in"),
    "person.signed_out": _l("Signed out"),
    "person.password_set": _l("Password set"),
    "person.reset_requested": _l("New password asked for"),
    "person.preferences_set": _l("Preferences changed"),
    "days_off.added": _l("Days off entered"),
    "days_off.removed": _l("Days off removed"),
    "team.created": _l("Team created"),
    "team.changed": _l("Team changed"),
    "team.archived": _l("Team archived"),
    "team.restored": _l("Team restored"),
    "company.founded": _l("Portal opened"),
    "company.changed": _l("Company settings changed"),
    "mail.read": _l("Kept mail read"),
}
