"""Coaching plans, sessions, commitments, notes and HR cases."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# How a one-to-one may go: key, minutes, names, what it goes through
SESSION_TEMPLATES = (
    (
        "regular",
        30,
        {"en": "Regular one-to-one", "es": "Conversación periódica"},
        (
            {"en": "How are you, and what was good since last time?", "es": "¿Cómo estás y qué salió bien desde la última vez?"},
            {"en": "What became of our commitments", "es": "Qué pasó con nuestros compromisos"},
            {"en": "The figures: where they come from, what they hide", "es": "Las cifras: de dónde salen y qué esconden"},
            {"en": "One sale in detail: what helped, what held it up", "es": "Una venta en detalle: qué ayudó y qué la frenó"},
            {"en": "What do you need from me or from others?", "es": "¿Qué necesitas de mí o de otras personas?"},
        ),
    ),
    (
        "after_miss",
        45,
        {"en": "After a missed goal", "es": "Después de una meta no alcanzada"},
        (
            {"en": "Your view first: what happened?", "es": "Primero tu versión: ¿qué pasó?"},
            {"en": "What the findings say, and what they do not", "es": "Qué dice el análisis y qué no dice"},
            {"en": "What was outside your hands, and who answers for it", "es": "Qué no dependía de ti y quién responde por ello"},
            {"en": "The plan: aims and steps, yours and mine", "es": "El plan: objetivos y pasos, tuyos y míos"},
        ),
    ),
    (
        "start",
        30,
        {"en": "First one-to-one", "es": "Primera conversación"},
        (
            {"en": "How you like to work and to get feedback", "es": "Cómo te gusta trabajar y recibir comentarios"},
            {"en": "What you want to be better at in three months", "es": "En qué quieres mejorar en tres meses"},
            {"en": "How often we meet, and what stays between us", "es": "Cada cuánto nos vemos y qué queda entre nosotros"},
        ),
    ),
)  # fmt: skip  # a row each

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# key, kind, days until due, (title, text) in English and Spanish. {product}, {peer}, {course} are filled in.
TEMPLATES = (
    ("course", "course", 21,
     ("Course: {course}", "Take the course at your own pace and pass its quiz. In the next session, say what was new to you."),
     ("Curso: {course}", "Haz el curso a tu ritmo y aprueba su cuestionario. En la próxima sesión cuenta qué fue nuevo para ti.")),
    ("practice_product", "practice", 28,
     ("Use it with three customers: {product}", "Present {product} to three customers within a week of learning about it, and note what they ask."),
     ("Llevarlo a tres clientes: {product}", "Presenta {product} a tres clientes antes de que pase una semana y apunta qué preguntan.")),
    ("learning_time", "support", 7,
     ("Time to learn, kept free", "Two hours a week in the calendar for which nobody plans anything else for you."),
     ("Tiempo reservado para aprender", "Dos horas por semana en tu calendario en las que nadie te pone otra cosa.")),
    ("shadow", "shadowing", 21,
     ("Go along with {peer}", "Two visits or calls with {peer}, who is strong exactly here. Note what happens differently before the offer and after a no."),
     ("Acompañar a {peer}", "Dos visitas o llamadas con {peer}, que destaca justo en esto. Apunta qué hace distinto antes de la oferta y después de un no.")),
    ("joint_visit", "joint_visit", 14,
     ("A customer visit together", "Your manager comes along and listens. Ten minutes afterwards: what worked, and one thing to try next time."),
     ("Una visita conjunta a un cliente", "Tu responsable te acompaña y escucha. Diez minutos después: qué funcionó y una cosa que probar la próxima vez.")),
    ("practice_conversation", "practice", 14,
     ("Practise the conversation that turns", "Go through the last three lost sales, find the moment at which each turned, and practise it twice, in both parts."),
     ("Practicar la conversación que se tuerce", "Repasa las tres últimas ventas perdidas, busca el momento en que se torció cada una y practícalo dos veces, en los dos papeles.")),
    ("pipeline_review", "pipeline_review", 7,
     ("Go through the open sales together", "For each: the next step, by when, and which to let go. Half an hour a week for four weeks."),
     ("Repasar juntos las ventas abiertas", "De cada una: el siguiente paso, para cuándo, y cuáles dejar ir. Media hora por semana durante cuatro semanas.")),
    ("contact_hours", "practice", 14,
     ("Fixed hours for customers", "Fixed hours in the calendar for calls and visits, and the day before a list of whom to contact."),
     ("Horas fijas para clientes", "Horas fijas en el calendario para llamadas y visitas y, el día antes, la lista de a quién contactar.")),
    ("offer_review", "practice", 14,
     ("Value before price: the next three offers", "Before each offer: what the customer gains, in their own figures, and what is given only in exchange for something."),
     ("Primero el valor, luego el precio: las próximas tres ofertas", "Antes de cada oferta: qué gana el cliente, con sus propias cifras, y qué se cede solo a cambio de algo.")),
    ("after_win", "practice", 21,
     ("A call after every win", "Call within two days of a win: what was agreed, by when, who delivers. Go through the cancelled sales together."),
     ("Una llamada después de cada venta", "Llama en los dos días siguientes a cada venta: qué se acordó, para cuándo y quién entrega. Repasa las ventas canceladas con tu responsable.")),
    ("support_findings", "support", 7,
     ("Look at the causes together", "Most of what is missing has causes outside your work. Go through them together and add what you see at your customers."),
     ("Ver las causas juntos", "La mayor parte de lo que falta tiene causas fuera de tu trabajo. Repásalas con tu responsable y añade lo que ves en tus clientes.")),
    ("support_product", "support", 14,
     ("What to offer meanwhile", "Until production has answered: what meets the same need, and what to tell customers who ask for {product}."),
     ("Qué ofrecer mientras tanto", "Hasta que producción responda: qué cubre la misma necesidad y qué decir a los clientes que piden {product}.")),
    ("support_price", "support", 14,
     ("Leeway for offers, meanwhile", "Until pricing has answered: for which customers an exception makes sense, and who grants it within a day."),
     ("Margen para ofertas, mientras tanto", "Hasta que precios responda: con qué clientes tiene sentido una excepción y quién la concede en un día.")),
    ("support_delivery", "support", 7,
     ("Customers who waited: who calls them", "A list of your late orders. For each: who calls, and what can be offered. Not you alone."),
     ("Clientes que esperaron: quién los llama", "La lista de tus pedidos con retraso. De cada uno: quién llama y qué se puede ofrecer. No te toca hacerlo sin ayuda.")),
    ("support_service", "support", 7,
     ("One contact in customer service", "A person with a name who takes your customers' matters first and tells you how they end."),
     ("Un contacto en atención al cliente", "Una persona con nombre que atiende primero los asuntos de tus clientes y te cuenta cómo terminan.")),
    ("support_leads", "support", 14,
     ("Leads from another source", "Until marketing has answered: a share of the leads from sources that hold, and time for customers who may recommend you."),
     ("Oportunidades de otro origen", "Hasta que marketing responda: una parte de las oportunidades de los orígenes que se mantienen, y tiempo para clientes que puedan recomendarte.")),
)  # fmt: skip  # a row each

# key, cause, aspect, least share of the shortfall in per cent, template, why in English and Spanish.
# A sentence whose figure is not known is left out.
CHOICES = (
    ("training_course", "training", None, 0, "course",
     "{share} of what is missing comes from {product}, where the required course was not taken. You won {now} of what was decided there, those who took it {peers}.",
     "{share} de lo que falta viene de {product}, donde el curso obligatorio no estaba hecho. Ahí ganaste {now} de lo que se decidió; quienes lo hicieron, {peers}."),
    ("training_practice", "training", None, 10, "practice_product",
     "What is learned stays when it is used within days. {share} of what is missing comes from {product}.",
     "Lo aprendido se queda cuando se usa en pocos días. {share} de lo que falta viene de {product}."),
    ("training_time", "training", None, 25, "learning_time",
     "{share} of what is missing comes from training that was due. That is also a matter of the hours the company leaves for it.",
     "{share} de lo que falta viene de formación pendiente. Eso depende también de las horas que la empresa deja para ella."),
    ("win_rate_shadow", "capability", "win_rate", 10, "shadow",
     "{peer} wins more than most with the same products and leads. You won {now} of what was decided, peers {peers}.",
     "{peer} gana más que la mayoría con los mismos productos y orígenes. Tú ganaste {now} de lo que se decidió; tus colegas, {peers}."),
    ("win_rate_practice", "capability", "win_rate", 0, "practice_conversation",
     "{share} of what is missing comes from sales that were lost. You won {now} of what was decided, peers with the same products and leads {peers}.",
     "{share} de lo que falta viene de ventas que se perdieron. Ganaste {now} de lo que se decidió; tus colegas con los mismos productos y orígenes, {peers}."),
    ("win_rate_visit", "capability", "win_rate", 20, "joint_visit",
     "Why sales are lost is heard at the customer's, not seen in figures. You won {now} of what was decided, peers {peers}.",
     "Por qué se pierden las ventas se oye con el cliente, no se ve en las cifras. Ganaste {now} de lo que se decidió; tus colegas, {peers}."),
    ("activity_hours", "capability", "activity", 0, "contact_hours",
     "{share} of what is missing comes from leads that were not taken up or decided. You came to {now}, peers with the like {peers}.",
     "{share} de lo que falta viene de oportunidades que no se atendieron o no se decidieron. Llegaste a {now}; tus colegas con oportunidades parecidas, {peers}."),
    ("activity_pipeline", "capability", "activity", 10, "pipeline_review",
     "Open sales that nobody decides bring nothing. You came to {now}, peers with the like {peers}.",
     "Las ventas abiertas que nadie decide no traen nada. Llegaste a {now}; tus colegas con oportunidades parecidas, {peers}."),
    ("deal_value_offers", "capability", "deal_value", 0, "offer_review",
     "{share} of what is missing comes from the size of the sales. Yours brought {now}, those of peers with the same products {peers}.",
     "{share} de lo que falta viene del tamaño de las ventas. Las tuyas dieron {now}; las de tus colegas con los mismos productos, {peers}."),
    ("deal_value_shadow", "capability", "deal_value", 15, "shadow",
     "{peer} sells more per customer than most with the same products. Yours brought {now}, those of peers {peers}.",
     "{peer} vende más por cliente que la mayoría con los mismos productos. Tus ventas dieron {now}; las de tus colegas, {peers}."),
    ("discounts_offers", "capability", "discounts", 0, "offer_review",
     "{share} of what is missing comes from discounts. You gave {now}, peers {peers}.",
     "{share} de lo que falta viene de los descuentos. Diste {now}; tus colegas, {peers}."),
    ("cancellations_call", "capability", "cancellations", 0, "after_win",
     "{share} of what is missing comes from sales that were cancelled afterwards. Of yours {now} were, of peers' {peers}.",
     "{share} de lo que falta viene de ventas que se cancelaron después. De las tuyas, {now}; de las de tus colegas, {peers}."),
    ("several_pipeline", "capability", "several", 0, "pipeline_review",
     "{share} of what is missing comes from several things at once. Going through the open sales shows where to begin.",
     "{share} de lo que falta viene de varias cosas a la vez. Repasar las ventas abiertas muestra por dónde empezar."),
    ("several_visit", "capability", "several", 15, "joint_visit",
     "{share} of what is missing comes from several things at once. One visit shows more than a list of figures.",
     "{share} de lo que falta viene de varias cosas a la vez. Una visita enseña más que una lista de cifras."),
    ("company_findings", "company", None, 0, "support_findings",
     "{share} of what is missing has a cause outside your work.",
     "{share} de lo que falta tiene una causa fuera de tu trabajo."),
    ("product_meanwhile", "product", None, 10, "support_product",
     "{share} of what is missing comes from a product that wins less for everybody.",
     "{share} de lo que falta viene de un producto que se gana menos con todo el mundo."),
    ("price_leeway", "price", None, 10, "support_price",
     "{share} of what is missing comes from prices: everybody wins less.",
     "{share} de lo que falta viene de los precios: se gana menos con todo el mundo."),
    ("delivery_calls", "delivery", None, 10, "support_delivery",
     "{share} of what is missing comes from late or cancelled deliveries.",
     "{share} de lo que falta viene de entregas tardías o canceladas."),
    ("service_contact", "service", None, 10, "support_service",
     "{share} of what is missing comes from customer service.",
     "{share} de lo que falta viene de la atención al cliente."),
    ("marketing_leads", "marketing", None, 10, "support_leads",
     "{share} of what is missing comes from fewer or weaker leads, for everybody.",
     "{share} de lo que falta viene de menos oportunidades, o más flojas, para todo el mundo."),
)  # fmt: skip  # a row each


def _ship_steps() -> None:
    connection = op.get_bind()
    template = sa.text(
        "INSERT INTO step_templates (key, kind, days, titles, texts)"
        " VALUES (:key, :kind, :days, CAST(:titles AS jsonb), CAST(:texts AS jsonb))"
    )
    for key, kind, days, english, spanish in TEMPLATES:
        titles, texts = ({"en": english[part], "es": spanish[part]} for part in (0, 1))
        connection.execute(
            template,
            {
                "key": key,
                "kind": kind,
                "days": days,
                "titles": json.dumps(titles),
                "texts": json.dumps(texts),
            },
        )
    choice = sa.text(
        "INSERT INTO step_choices (key, position, cause, aspect, least_share, template_id, reasons)"
        " SELECT :key, :position, :cause, :aspect, :share, id, CAST(:reasons AS jsonb)"
        " FROM step_templates WHERE key = :template"
    )
    for number, (key, cause, aspect, share, name, english, spanish) in enumerate(CHOICES, 1):
        said = {
            "key": key, "position": number * 10, "cause": cause, "aspect": aspect, "share": share,
            "template": name, "reasons": json.dumps({"en": english, "es": spanish}),
        }  # fmt: skip  # a row each
        connection.execute(choice, said)


def _keep_what_was_said() -> None:
    op.execute(
        """
        CREATE FUNCTION plan_messages_stand() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what was said about a plan is not changed' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER plan_messages_stand BEFORE UPDATE OR DELETE ON plan_messages"
        " FOR EACH ROW EXECUTE FUNCTION plan_messages_stand()"
    )


def upgrade() -> None:
    op.create_table(
        "session_templates",
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), server_default="30", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_session_templates_edited_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_templates")),
        sa.UniqueConstraint("key", name=op.f("uq_session_templates_key")),
    )
    for key, minutes, names, items in SESSION_TEMPLATES:
        op.get_bind().execute(
            sa.text(
                "INSERT INTO session_templates (key, minutes, names, items)"
                " VALUES (:key, :minutes, CAST(:names AS jsonb), CAST(:items AS jsonb))"
            ),
            {"key": key, "minutes": minutes, "names": json.dumps(names), "items": json.dumps(items)},
        )
    op.create_table(
        "coaching_rhythms",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("every_days", sa.SmallInteger(), nullable=False),
        sa.Column("template_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("set_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("every_days BETWEEN 1 AND 92", name=op.f("ck_coaching_rhythms_every_days_range")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_coaching_rhythms_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["people.id"], name=op.f("fk_coaching_rhythms_set_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["session_templates.id"],
            name=op.f("fk_coaching_rhythms_template_id_session_templates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_rhythms")),
    )
    op.create_index(
        "uq_coaching_rhythms_open",
        "coaching_rhythms",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "hr_cases",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waits_for_reply",
                "waits_for_approval",
                "open",
                "decided",
                "withdrawn",
                name="hrcasestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="waits_for_reply",
            nullable=False,
        ),
        sa.Column("reply_until", sa.Date(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approver_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "more_support",
                "other_role",
                "other_territory",
                "improvement_agreement",
                "other",
                name="hroutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("outcome_text", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "approver_id IS NULL OR (approver_id <> opened_by_id AND approver_id <> person_id)",
            name=op.f("ck_hr_cases_second_person"),
        ),
        sa.CheckConstraint("char_length(reasons) >= 200", name=op.f("ck_hr_cases_reasons_said")),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name=op.f("fk_hr_cases_approver_id_people")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_hr_cases_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["people.id"], name=op.f("fk_hr_cases_opened_by_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hr_cases_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_cases")),
    )
    op.create_index(
        "uq_hr_cases_open",
        "hr_cases",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('decided', 'withdrawn')"),
    )
    op.create_table(
        "plans",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("metric_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "coaching", "support", name="plankind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "active",
                "completed",
                "ended",
                name="planstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="proposed",
            nullable=False,
        ),
        sa.Column(
            "gate",
            sa.Enum(
                "none",
                "waiting",
                "open",
                name="plangate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="none",
            nullable=False,
        ),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("coach_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("session_on", sa.Date(), nullable=True),
        sa.Column("is_edited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("agreed_by_coach_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_person_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (end_reason IS NOT NULL)", name=op.f("ck_plans_ended_with_reason")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plans_ends_after_start")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_plans_author_id_people")),
        sa.ForeignKeyConstraint(["coach_id"], ["people.id"], name=op.f("fk_plans_coach_id_people")),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name=op.f("fk_plans_metric_id_metrics")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_plans_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_person_id"), "plans", ["person_id"], unique=False)
    op.create_index(
        "uq_plans_open",
        "plans",
        ["person_id", "metric_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('proposed', 'active')"),
    )
    op.create_table(
        "step_templates",
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "course",
                "practice",
                "shadowing",
                "joint_visit",
                "pipeline_review",
                "support",
                "other",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("days", sa.SmallInteger(), server_default="14", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_step_templates_edited_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_templates")),
        sa.UniqueConstraint("key", name=op.f("uq_step_templates_key")),
    )
    op.create_table(
        "coaching_sessions",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("coach_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("template_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), server_default="30", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="sessionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="planned",
            nullable=False,
        ),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_why", sa.Text(), nullable=True),
        sa.Column("cancelled_why", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_coaching_sessions_minutes_range")),
        sa.CheckConstraint(
            "(status = 'held') = (held_at IS NOT NULL)", name=op.f("ck_coaching_sessions_held_at_a_time")
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_why IS NOT NULL)",
            name=op.f("ck_coaching_sessions_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "(moved_from IS NULL) = (moved_why IS NULL)",
            name=op.f("ck_coaching_sessions_moved_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["people.id"], name=op.f("fk_coaching_sessions_coach_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_coaching_sessions_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_coaching_sessions_person_id_people")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_coaching_sessions_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["session_templates.id"],
            name=op.f("fk_coaching_sessions_template_id_session_templates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_sessions")),
    )
    op.create_index(op.f("ix_coaching_sessions_coach_id"), "coaching_sessions", ["coach_id"], unique=False)
    op.create_index(
        "ix_coaching_sessions_person_id_starts_at",
        "coaching_sessions",
        ["person_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_coaching_sessions_plan_id"), "coaching_sessions", ["plan_id"], unique=False)
    op.create_table(
        "plan_aims",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("measure", sa.Text(), server_default="metric", nullable=False),
        sa.Column("metric_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("aims_at", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(measure = 'metric') = (metric_id IS NOT NULL)", name=op.f("ck_plan_aims_what_counts")
        ),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name=op.f("fk_plan_aims_metric_id_metrics")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_aims_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_plan_aims_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_aims")),
    )
    op.create_index(op.f("ix_plan_aims_plan_id"), "plan_aims", ["plan_id"], unique=False)
    op.create_table(
        "plan_messages",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "proposed",
                "extended",
                "opened",
                "findings_changed",
                "changed",
                "comment",
                "agreed",
                "step_done",
                "step_reopened",
                "completed",
                "ended",
                name="planmessagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_plan_messages_author_id_people")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_messages_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_messages")),
    )
    op.create_index(op.f("ix_plan_messages_plan_id"), "plan_messages", ["plan_id"], unique=False)
    op.create_table(
        "step_choices",
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("aspect", sa.Text(), nullable=True),
        sa.Column("least_share", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("template_id", sa.BigInteger(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("edited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("least_share BETWEEN 0 AND 100", name=op.f("ck_step_choices_least_share_range")),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_step_choices_edited_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["step_templates.id"], name=op.f("fk_step_choices_template_id_step_templates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_choices")),
        sa.UniqueConstraint("key", name=op.f("uq_step_choices_key")),
    )
    op.create_table(
        "agenda_items",
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_agenda_items_author_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["coaching_sessions.id"],
            name=op.f("fk_agenda_items_session_id_coaching_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
    )
    op.create_index(op.f("ix_agenda_items_session_id"), "agenda_items", ["session_id"], unique=False)
    op.create_table(
        "commitments",
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "done",
                "dropped",
                name="commitmentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("dropped_why", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(status = 'dropped') = (dropped_why IS NOT NULL)",
            name=op.f("ck_commitments_dropped_with_reason"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_commitments_owner_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_commitments_person_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["coaching_sessions.id"], name=op.f("fk_commitments_session_id_coaching_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["people.id"], name=op.f("fk_commitments_settled_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index(op.f("ix_commitments_owner_id"), "commitments", ["owner_id"], unique=False)
    op.create_index(op.f("ix_commitments_person_id"), "commitments", ["person_id"], unique=False)
    op.create_index(op.f("ix_commitments_session_id"), "commitments", ["session_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "shared", name="notestatus", native_enum=False, create_constraint=True, length=40
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_author_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_person_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_notes_author_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notes_person_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["coaching_sessions.id"], name=op.f("fk_notes_session_id_coaching_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_notes_author_id_key")),
    )
    op.create_index(
        "ix_notes_person_id_id", "notes", ["person_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_index(op.f("ix_notes_session_id"), "notes", ["session_id"], unique=False)
    op.create_table(
        "plan_cases",
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("diagnosis_id", sa.BigInteger(), nullable=False),
        sa.Column("tried", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_plan_cases_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"], ["diagnoses.id"], name=op.f("fk_plan_cases_diagnosis_id_diagnoses")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_cases_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_cases")),
        sa.UniqueConstraint("case_id", name=op.f("uq_plan_cases_case_id")),
    )
    op.create_index(op.f("ix_plan_cases_plan_id"), "plan_cases", ["plan_id"], unique=False)
    op.create_table(
        "plan_steps",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "course",
                "practice",
                "shadowing",
                "joint_visit",
                "pipeline_review",
                "support",
                "other",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("template_id", sa.BigInteger(), nullable=True),
        sa.Column("course_id", sa.BigInteger(), nullable=True),
        sa.Column("peer_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "done",
                "dropped",
                name="planstepstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("dropped_why", sa.Text(), nullable=True),
        sa.Column("choice_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(status = 'done') = (done_on IS NOT NULL)", name=op.f("ck_plan_steps_done_on_a_day")
        ),
        sa.CheckConstraint(
            "(status = 'dropped') = (dropped_why IS NOT NULL)", name=op.f("ck_plan_steps_dropped_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["step_choices.id"], name=op.f("fk_plan_steps_choice_id_step_choices")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_plan_steps_course_id_courses")),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_plan_steps_done_by_id_people")),
        sa.ForeignKeyConstraint(["peer_id"], ["people.id"], name=op.f("fk_plan_steps_peer_id_people")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_steps_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_plan_steps_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["step_templates.id"], name=op.f("fk_plan_steps_template_id_step_templates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_steps")),
    )
    op.create_index(op.f("ix_plan_steps_course_id"), "plan_steps", ["course_id"], unique=False)
    op.create_index(op.f("ix_plan_steps_plan_id"), "plan_steps", ["plan_id"], unique=False)
    op.create_table(
        "note_additions",
        sa.Column("note_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_note_additions_author_id_people")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_note_additions_note_id_notes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_additions")),
    )
    op.create_index(op.f("ix_note_additions_note_id"), "note_additions", ["note_id"], unique=False)
    _ship_steps()
    _keep_what_was_said()


def downgrade() -> None:
    op.drop_index(op.f("ix_note_additions_note_id"), table_name="note_additions")
    op.drop_table("note_additions")
    op.drop_index(op.f("ix_plan_steps_plan_id"), table_name="plan_steps")
    op.drop_index(op.f("ix_plan_steps_course_id"), table_name="plan_steps")
    op.drop_table("plan_steps")
    op.drop_index(op.f("ix_plan_cases_plan_id"), table_name="plan_cases")
    op.drop_table("plan_cases")
    op.drop_index(op.f("ix_notes_session_id"), table_name="notes")
    op.drop_index("ix_notes_person_id_id", table_name="notes")
    op.drop_table("notes")
    op.drop_index(op.f("ix_commitments_session_id"), table_name="commitments")
    op.drop_index(op.f("ix_commitments_person_id"), table_name="commitments")
    op.drop_index(op.f("ix_commitments_owner_id"), table_name="commitments")
    op.drop_table("commitments")
    op.drop_index(op.f("ix_agenda_items_session_id"), table_name="agenda_items")
    op.drop_table("agenda_items")
    op.drop_table("step_choices")
    op.drop_index(op.f("ix_plan_messages_plan_id"), table_name="plan_messages")
    op.drop_table("plan_messages")
    op.execute("DROP FUNCTION plan_messages_stand()")
    op.drop_index(op.f("ix_plan_aims_plan_id"), table_name="plan_aims")
    op.drop_table("plan_aims")
    op.drop_index(op.f("ix_coaching_sessions_plan_id"), table_name="coaching_sessions")
    op.drop_index("ix_coaching_sessions_person_id_starts_at", table_name="coaching_sessions")
    op.drop_index(op.f("ix_coaching_sessions_coach_id"), table_name="coaching_sessions")
    op.drop_table("coaching_sessions")
    op.drop_table("step_templates")
    op.drop_index(
        "uq_plans_open", table_name="plans", postgresql_where=sa.text("status IN ('proposed', 'active')")
    )
    op.drop_index(op.f("ix_plans_person_id"), table_name="plans")
    op.drop_table("plans")
    op.drop_index(
        "uq_hr_cases_open",
        table_name="hr_cases",
        postgresql_where=sa.text("status NOT IN ('decided', 'withdrawn')"),
    )
    op.drop_table("hr_cases")
    op.drop_index(
        "uq_coaching_rhythms_open",
        table_name="coaching_rhythms",
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.drop_table("coaching_rhythms")
    op.drop_table("session_templates")
