"""The demo company's names, in the language of whoever starts it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    company: str
    sales: str
    regions: tuple[str, str]
    teams: tuple[str, ...]  # six: three of the first region, three of the second
    production: str
    logistics: str
    service: str
    marketing: str
    pricing: str
    hr: str  # the department
    products: tuple[
        tuple[str, str, str, int], ...
    ]  # code, name, series, list price in whole euros or dollars
    sources: tuple[str, ...]
    techniques: tuple[str, ...]
    customer_heads: tuple[str, ...]
    customer_tails: tuple[str, ...]
    holiday: str
    question: str
    answer: str
    proposal: str
    revision: str


NAMES = (
    "Valeria Montes", "Diego Salcedo", "Lucía Prado", "Mateo Ferrer", "Camila Rojas", "Andrés Quintana",
    "Sofía Beltrán", "Tomás Arce", "Elena Vidal", "Bruno Castell", "Irene Lozano", "Hugo Marín",
    "Paula Serrano", "Nicolás Vega", "Alba Fuentes", "Javier Ocampo", "Marina Soler", "Samuel Peña",
    "Carla Domínguez", "Iván Robles", "Noelia Cruz", "Adrián Molina", "Julia Navarro", "Rubén Gallardo",
    "Olivia Bennett", "Ethan Clarke", "Grace Okafor", "Liam Novak", "Maya Lindqvist", "Noah Fischer",
    "Zoe Laurent", "Lucas Moreau", "Aisha Rahman", "Daniel Costa", "Hannah Weber", "Felix Braun",
    "Nora Bianchi", "Oscar Dubois", "María de los Ángeles Fernández-Villaverde", "Leo Kim", "Ximena Duarte",
    "Pablo Iriarte",
)  # fmt: skip  # running words
MANAGERS = ("Marta Aguirre", "Óscar Rey", "Beatriz Luna", "Gonzalo Mora", "Teresa Pons", "Víctor Salas")
EXECUTIVE, ADMIN, HR = "Clara Montenegro", "Raúl Ibáñez", "Helena Ortiz"
LEADS = ("Ernesto Gil", "Lola Campos", "Amparo Ruiz", "Quique Serra", "Inés Valdés")

ES = Words(
    company="Cordillera Equipos",
    sales="Ventas",
    regions=("Norte", "Sur"),
    teams=("Altamira", "Covadonga", "Pirineos", "Sierra Nevada", "Gredos", "Teide"),
    production="Producción",
    logistics="Logística",
    service="Atención al cliente",
    marketing="Marketing",
    pricing="Precios",
    hr="Personas",
    products=(
        ("TND-2", "Tienda Refugio 2", "Acampada", 420),
        ("TND-4", "Tienda Refugio 4", "Acampada", 690),
        ("MCH-45", "Mochila Sendero 45", "Mochilas", 165),
        ("MCH-70", "Mochila Travesía 70", "Mochilas", 245),
        ("BOT-GTX", "Bota Cresta impermeable", "Calzado", 215),
        ("CRD-60", "Cuerda Arista 60 m", "Escalada", 180),
        ("ARN-PRO", "Arnés Vertical Pro", "Escalada", 95),
        ("EST-INV", "Estufa Invernal de refugio", "Refugio", 1850),
    ),
    sources=("Web", "Feria", "Recomendación", "Llamada en frío", "Distribuidor"),
    techniques=("Prueba en tienda", "Visita conjunta", "Paquete de temporada", "Demostración"),
    customer_heads=(
        "Refugio", "Deportes", "Aventura", "Montaña", "Escuela", "Camping", "Club Alpino", "Rutas",
        "Albergue", "Guías", "Almacén", "Esquí", "Outdoor", "Campamento", "Senderos", "Expediciones",
    ),
    customer_tails=(
        "del Valle", "Los Picos", "La Cumbre", "Río Claro", "El Collado", "Las Nieves", "Bosque Alto",
        "Monte Perdido", "San Glorio", "El Puerto", "Peña Blanca", "Lago Azul", "Tres Cantos", "La Senda",
        "Agua Fría", "Ordesa",
        "Somiedo", "Ancares",
    ),
    holiday="Aniversario de la casa",
    question="Con dos vacantes en mi zona, ¿podemos revisar la parte de calzado?",
    answer="La vemos el jueves con los números de la zona delante.",
    proposal="Propuesta para el trimestre. Cuéntame cómo la ves.",
    revision="El competidor bajó precios en dos provincias; la meta de la zona se ajusta.",
)  # fmt: skip  # running words

EN = Words(
    company="Cordillera Gear",
    sales="Sales",
    regions=("North", "South"),
    teams=("Cascade", "Granite", "Summit", "Canyon", "Redwood", "Mesa"),
    production="Production",
    logistics="Logistics",
    service="Customer service",
    marketing="Marketing",
    pricing="Pricing",
    hr="People",
    products=(
        ("TNT-2", "Shelter Tent 2", "Camping", 420),
        ("TNT-4", "Shelter Tent 4", "Camping", 690),
        ("PCK-45", "Trail Pack 45", "Packs", 165),
        ("PCK-70", "Traverse Pack 70", "Packs", 245),
        ("BOOT-WP", "Ridge Boot waterproof", "Footwear", 215),
        ("ROPE-60", "Edge Rope 60 m", "Climbing", 180),
        ("HRN-PRO", "Vertical Harness Pro", "Climbing", 95),
        ("STV-WIN", "Winter Hut Stove", "Huts", 1850),
    ),
    sources=("Website", "Trade fair", "Referral", "Cold call", "Dealer"),
    techniques=("In-store trial", "Joint visit", "Season bundle", "Demonstration"),
    customer_heads=(
        "Lodge", "Outfitters", "Adventure", "Mountain", "School", "Camp", "Alpine Club", "Trails",
        "Hostel", "Guides", "Supply", "Ski House", "Outdoor", "Scouts", "Paths", "Expeditions",
    ),
    customer_tails=(
        "of the Valley", "Three Peaks", "The Summit", "Clear River", "High Pass", "Snowfield",
        "Tall Pines", "Lost Mountain", "St. Elmo", "Harbor", "White Rock", "Blue Lake", "Crossroads",
        "The Path", "Cold Spring",
        "Big Bend", "Aspen Grove", "Stone Creek",
    ),
    holiday="Founders' day",
    question="With two open positions in my area, can we look at the footwear part again?",
    answer="Let us go through it on Thursday with the area's figures at hand.",
    proposal="A proposal for the quarter. Tell me what you think.",
    revision="The competitor cut prices in two states; the area's goal follows.",
)  # fmt: skip  # running words

# locale -> words, country, currency, time zone, how many minor units a euro or dollar is worth
REGIONS = {
    "es_ES": (ES, "ES", "EUR", "Europe/Madrid", 100),
    "es_CO": (ES, "CO", "COP", "America/Bogota", 400_000),
    "es_MX": (ES, "MX", "MXN", "America/Mexico_City", 1_800),
    "en_US": (EN, "US", "USD", "America/New_York", 100),
}
