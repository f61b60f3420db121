"""Others' words for our roles and languages."""

ROLES = {
    "rep": (
        "sales rep", "sales representative", "salesperson", "sales agent", "agent", "account executive",
        "seller", "representative", "vendedor", "vendedora", "comercial", "representante", "asesor",
        "asesora", "agente", "ejecutivo de ventas", "ejecutiva de ventas", "ejecutivo de cuenta",
    ),
    "manager": (
        "sales manager", "team lead", "team leader", "team manager", "regional manager", "gerente",
        "jefe", "jefa", "jefe de ventas", "jefa de ventas", "gerente de ventas", "supervisor",
        "supervisora", "líder",
    ),
    "department_lead": (
        "department lead", "department head", "head of department", "jefe de departamento",
        "jefa de departamento", "responsable de departamento",
    ),
    "hr": ("human resources", "hr partner", "rrhh", "recursos humanos", "personas"),
    "executive": (
        "ceo", "director", "directora", "vp", "board", "dirección", "director general", "directora general",
    ),
    "admin": ("administrator", "administrador", "administradora", "system administrator"),
}  # fmt: skip  # running words
LOCALES = {
    "es_ES": ("es", "es-es", "spanish", "español", "castellano", "español (españa)"),
    "es_CO": ("es-co", "español (colombia)"),
    "es_MX": ("es-mx", "español (méxico)", "es-419"),
    "en_US": ("en", "en-us", "english", "inglés", "en-gb", "english (us)"),
}
