"""The metrics that every portal has, and a version by which a process notices that definitions have changed."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WON = {"measure": "count", "conditions": ["won", "kept"]}
# key, English, Spanish, kind, subject, unit, decimals, cases to be ranked from, rule
SHIPPED = (
    ("revenue", "Revenue", "Ingresos", "sum", "sales", "money", 0, 1,
     {"date": "closed_on", "measure": "value", "conditions": ["won", "kept"]}),
    ("deals_won", "Deals won", "Ventas ganadas", "count", "sales", "number", 0, 1,
     {"date": "closed_on", **WON}),
    ("units", "Units sold", "Unidades vendidas", "sum", "sales", "number", 0, 1,
     {"date": "closed_on", "measure": "units", "conditions": ["won", "kept"]}),
    ("new_customers", "New customers", "Clientes nuevos", "count", "sales", "number", 0, 1,
     {"date": "closed_on", "measure": "count", "conditions": ["won", "kept", "new_customer"]}),
    ("win_rate", "Win rate", "Tasa de cierre", "ratio", "sales", "percent", 0, 5,
     {"date": "closed_on", "measure": "count", "conditions": ["won"],
      "of": {"measure": "count", "conditions": ["decided"]}}),
    ("average_deal", "Average deal", "Venta media", "ratio", "sales", "money", 0, 3,
     {"date": "closed_on", "measure": "value", "conditions": [], "of": WON}),
    ("on_time_delivery", "On-time delivery", "Entregas a tiempo", "ratio", "sales", "percent", 0, 5,
     {"date": "delivered_on", "measure": "count", "conditions": ["on_time"],
      "of": {"measure": "count", "conditions": ["promised", "delivered"]}}),
    ("follow_up_rate", "Follow-up rate", "Tasa de seguimiento", "ratio", "sales", "percent", 0, 5,
     {"date": "delivered_on", "measure": "count", "conditions": ["followed_up"],
      "of": {"measure": "count", "conditions": ["kept", "delivered"]}}),
    ("satisfaction", "Customer satisfaction", "Satisfacción del cliente", "ratio", "sales", "score", 1, 3,
     {"date": "rated_on", "measure": "satisfaction", "conditions": [],
      "of": {"measure": "count", "conditions": ["rated"]}}),
    ("meetings", "Meetings", "Reuniones", "count", "activities", "number", 0, 1,
     {"date": "happened_on", "measure": "count", "conditions": [], "activities": ["meeting"]}),
)  # fmt: skip  # a row each


def upgrade() -> None:
    op.execute("CREATE SEQUENCE metrics_version")
    op.add_column(
        "metrics",
        sa.Column(
            "version", sa.BigInteger(), server_default=sa.text("nextval('metrics_version')"), nullable=False
        ),
    )
    op.execute("ALTER TABLE team_totals SET (fillfactor = 80)")
    insert = sa.text(
        "INSERT INTO metrics"
        " (key, names, kind, subject, unit, decimals, rank_from, rule, position, is_shipped) VALUES"
        " (:key, CAST(:names AS jsonb), :kind, :subject, :unit, :decimals, :rank_from, CAST(:rule AS jsonb),"
        " :position, true) ON CONFLICT (key) DO NOTHING"
    )
    for number, (key, english, spanish, kind, subject, unit, decimals, rank_from, rule) in enumerate(SHIPPED):
        op.get_bind().execute(
            insert,
            {
                "key": key,
                "names": json.dumps({"en": english, "es": spanish}),
                "kind": kind,
                "subject": subject,
                "unit": unit,
                "decimals": decimals,
                "rank_from": rank_from,
                "rule": json.dumps(rule),
                "position": 10 * (number + 1),
            },
        )


def downgrade() -> None:
    # Those that a goal counts on stay.
    op.execute(
        "DELETE FROM metrics WHERE is_shipped AND NOT EXISTS"
        " (SELECT FROM goals WHERE goals.metric_id = metrics.id)"
    )
    op.execute("ALTER TABLE team_totals RESET (fillfactor)")
    op.drop_column("metrics", "version")
    op.execute("DROP SEQUENCE metrics_version")
