"""The step "Look at the causes together" says nothing of how much is missing: its reason does, with the figure.

It said "most of what is missing" even where the causes outside the person's work explain a sixth. The words of
the template, and of steps that were proposed with them; what somebody has rewritten stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = "support_findings"
BEFORE = {
    "en": "Most of what is missing has causes outside your work. Go through them together and add what you see"
    " at your customers.",
    "es": "La mayor parte de lo que falta tiene causas fuera de tu trabajo. Repásalas con tu responsable y añade"
    " lo que ves en tus clientes.",
}
AFTER = {
    "en": "Go through the causes that lie outside your work together, and add what you see at your customers.",
    "es": "Repasa con tu responsable las causas que están fuera de tu trabajo y añade lo que ves en tus clientes.",
}


def upgrade() -> None:
    _say(AFTER, instead_of=BEFORE)


def downgrade() -> None:
    _say(BEFORE, instead_of=AFTER)


def _say(words: dict[str, str], *, instead_of: dict[str, str]) -> None:
    connection = op.get_bind()
    connection.execute(sa.text("SELECT set_config('cumbre.reader', 'worker', true)"))  # see 0013
    for language, text in words.items():
        said = {"language": language, "text": text, "before": instead_of[language], "key": KEY}
        for table, chosen in (
            ("step_templates", "key = :key"),
            ("plan_steps", "template_id IN (SELECT id FROM step_templates WHERE key = :key)"),
        ):
            connection.execute(
                sa.text(
                    f"UPDATE {table} SET texts = jsonb_set(texts, ARRAY[:language], to_jsonb(CAST(:text AS text)))"
                    f" WHERE {chosen} AND texts ->> :language = :before"
                ),
                said,
            )
