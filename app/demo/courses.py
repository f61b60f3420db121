"""The demo company's courses, in the language of whoever starts it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """A question; its first choice is the right one."""

    text: str
    choices: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Lesson:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Course:
    title: str
    summary: str
    lessons: tuple[Lesson, ...]
    questions: tuple[Told, ...]
    product: int | None = None  # its place in the catalogue
    valid_months: int | None = None


BOOT = 4

ES = (
    Course(
        "La bota Cresta, de la suela al cordón",
        "Explicar en dos minutos por qué esta bota vale lo que cuesta, y a quién no le conviene.",
        (
            Lesson(
                "Cómo está hecha",
                """# Tres capas

La Cresta lleva **piel, membrana y forro**. Cada capa hace una sola cosa:

- La piel protege del roce.
- La membrana deja salir el sudor y no deja entrar el agua.
- El forro mantiene el pie seco por dentro.

# La suela

El dibujo tiene 5 mm. En roca mojada agarra; en nieve dura, no basta.

> Si el cliente habla de nieve, pregunta cuánta. Más de dos días por invierno: otra bota.

# Lo que se nota en la tienda

| Prueba | Qué mostrar |
|---|---|
| Doblar la suela | Cede en la punta, no en el arco |
| Apretar el talón | No se hunde |
| Mojar el empeine | La gota rueda |
""",
            ),
            Lesson(
                "A quién le sirve",
                """# Tres preguntas bastan

1. ¿Dónde vas a caminar este mes?
2. ¿Con cuánto peso?
3. ¿Qué te molestó de la bota anterior?

La tercera es la que **vende**: la respuesta dice qué enseñar primero.

# Cuándo no venderla

Quien camina por ciudad está mejor con una zapatilla. Decirlo cuesta una venta y gana un cliente.
""",
            ),
            Lesson(
                "Precio y objeciones",
                """# «Es cara»

Una bota de 90 dura dos temporadas. La Cresta dura seis y se le cambia la suela **una vez**.

Divide el precio por temporadas delante del cliente y calla: el número habla.

# «La vi más barata»

Pregunta dónde y qué incluye. La nuestra lleva la primera impermeabilización y el cambio de cordones.
""",
            ),
        ),
        (
            Told(
                "¿Qué hace la membrana?",
                (
                    "Deja salir el sudor y no deja entrar el agua",
                    "Protege del roce",
                    "Da rigidez a la suela",
                ),
                "Piel, membrana y forro: cada capa hace una sola cosa.",
            ),
            Told(
                "Un cliente pasa el invierno entero en la nieve. ¿Qué haces?",
                (
                    "Le propongo otra bota",
                    "Le vendo la Cresta con descuento",
                    "Le vendo la Cresta y unos crampones",
                ),
                "Con más de dos días de nieve por invierno, la suela de la Cresta no basta.",
            ),
            Told(
                "¿Qué pregunta dice qué enseñar primero?",
                ("Qué le molestó de la bota anterior", "Cuánto quiere gastar", "Qué talla usa"),
                "La respuesta es el problema que hay que resolver.",
            ),
            Told(
                "Ante «es cara», ¿qué es lo mejor?",
                ("Dividir el precio por temporadas", "Ofrecer un descuento", "Cambiar de producto"),
                "Seis temporadas y un cambio de suela: el número habla solo.",
            ),
        ),
        product=BOOT,
        valid_months=12,
    ),
    Course(
        "La primera conversación",
        "Empezar preguntando, escuchar hasta el final y salir con un próximo paso acordado.",
        (
            Lesson(
                "Preguntar antes de enseñar",
                """# El primer minuto

Quien enseña primero, adivina. Quien pregunta, sabe.

- Una pregunta **abierta**: «¿Qué temporada te espera?»
- Una de **cifras**: «¿Cuántas plazas, cuántas noches?»
- Una de **fecha**: «¿Para cuándo tiene que estar?»
""",
            ),
            Lesson(
                "Cerrar con un paso",
                """# Nada de «ya hablamos»

Toda conversación termina con *quién hace qué y cuándo*. Apúntalo delante del cliente y léeselo.

Lo que se lee en voz alta, se cumple.
""",
            ),
        ),
        (
            Told(
                "¿Con qué empieza una buena conversación?",
                ("Con una pregunta abierta", "Con el catálogo", "Con el descuento del mes"),
                "Quien enseña primero, adivina.",
            ),
            Told(
                "¿Cómo termina?",
                ("Con quién hace qué y cuándo", "Con un «ya hablamos»", "Con un folleto"),
                "Un próximo paso acordado es la mitad de la venta.",
            ),
        ),
    ),
    Course(
        "Los datos de los clientes",
        "Qué se puede guardar de una persona, cuánto tiempo, y qué hacer si lo pide de vuelta.",
        (
            Lesson(
                "Lo necesario y nada más",
                """# La regla

Guarda lo que hace falta para **servir al cliente**. Lo demás sobra: la salud, la familia, la opinión.

# Si alguien pide sus datos

Contesta el mismo día que lo recibiste y pásalo a Personas. No lo resuelvas por tu cuenta.
""",
            ),
        ),
        (
            Told(
                "Un cliente te cuenta que está enfermo. ¿Lo apuntas?",
                ("No", "Sí, para recordar preguntarle", "Solo en mi libreta"),
                "La salud de una persona no hace falta para servirla, y es de lo más protegido.",
            ),
        ),
        valid_months=12,
    ),
)

EN = (
    Course(
        "The Ridge Boot, from sole to lace",
        "Say in two minutes why this boot is worth its price, and for whom it is not.",
        (
            Lesson(
                "How it is made",
                """# Three layers

The Ridge has **leather, membrane and lining**. Each layer does one thing:

- Leather takes the scratches.
- The membrane lets sweat out and no water in.
- The lining keeps the foot dry inside.

# The sole

The profile is 5 mm deep. It holds on wet rock; on hard snow it is not enough.

> When a customer speaks of snow, ask how much. More than two days a winter: another boot.

# What one notices in the shop

| Try | What to show |
|---|---|
| Bend the sole | It gives at the toes, not at the arch |
| Press the heel | It does not sink in |
| Wet the upper | The drop rolls off |
""",
            ),
            Lesson(
                "For whom it is right",
                """# Three questions are enough

1. Where will you walk this month?
2. With how much on your back?
3. What annoyed you about the last pair?

The third one **sells**: its answer says what to show first.

# When not to sell it

Who walks in the city is better off with a shoe. To say so costs a sale and wins a customer.
""",
            ),
            Lesson(
                "Price and objections",
                """# “It is expensive”

A boot for 90 lasts two seasons. The Ridge lasts six, and its sole is replaced **once**.

Divide the price by seasons in front of the customer, and be quiet: the number speaks.

# “I saw it for less”

Ask where, and what is included. Ours comes with the first waterproofing and new laces.
""",
            ),
        ),
        (
            Told(
                "What does the membrane do?",
                ("It lets sweat out and no water in", "It takes the scratches", "It makes the sole stiff"),
                "Leather, membrane, lining: each layer does one thing.",
            ),
            Told(
                "A customer spends the whole winter in the snow. What do you do?",
                ("Suggest another boot", "Sell the Ridge at a discount", "Sell the Ridge with crampons"),
                "With more than two days of snow a winter the sole of the Ridge is not enough.",
            ),
            Told(
                "Which question says what to show first?",
                ("What annoyed them about the last pair", "How much they want to spend", "Their size"),
                "The answer is the problem to be solved.",
            ),
            Told(
                "“It is expensive.” What is best?",
                ("Divide the price by seasons", "Offer a discount", "Change to another product"),
                "Six seasons and one new sole: the number speaks for itself.",
            ),
        ),
        product=BOOT,
        valid_months=12,
    ),
    Course(
        "The first conversation",
        "Begin with a question, listen to the end, and leave with a next step agreed.",
        (
            Lesson(
                "Ask before you show",
                """# The first minute

Who shows first is guessing. Who asks, knows.

- One **open** question: “What season lies ahead of you?”
- One for **figures**: “How many beds, how many nights?”
- One for the **date**: “When does it have to stand?”
""",
            ),
            Lesson(
                "End with a step",
                """# No “let us talk”

Every conversation ends with *who does what, and when*. Write it down in front of the customer; read it out.

What is read aloud gets done.
""",
            ),
        ),
        (
            Told(
                "What does a good conversation begin with?",
                ("An open question", "The catalogue", "This month's discount"),
                "Who shows first is guessing.",
            ),
            Told(
                "How does it end?",
                ("With who does what, and when", "With “let us talk”", "With a leaflet"),
                "A next step agreed is half the sale.",
            ),
        ),
    ),
    Course(
        "Our customers' data",
        "What may be kept of a person, for how long, and what to do when they ask for it.",
        (
            Lesson(
                "What is needed and nothing else",
                """# The rule

Keep what is needed to **serve the customer**. The rest is too much: health, family, opinions.

# When somebody asks for their data

Answer on the day you hear of it, and hand it to People. Do not solve it on your own.
""",
            ),
        ),
        (
            Told(
                "A customer tells you that they are ill. Do you write it down?",
                ("No", "Yes, to ask about it later", "Only in my own notebook"),
                "A person's health is not needed to serve them, and hardly anything is protected more.",
            ),
        ),
        valid_months=12,
    ),
)
