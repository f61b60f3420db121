"""The exports of the usual systems are understood without a mapping."""

import pytest

from app.imports import guessing, kinds
from app.imports.layout import Survey


def survey(header, *rows):
    columns = []
    for place, _ in enumerate(header):
        cells = [row[place] for row in rows]
        values = [[cell, cells.count(cell)] for cell in dict.fromkeys(cells) if cell]
        columns.append({"filled": len(cells), "values": values, "samples": [], "dates": {}, "decimals": {}})
    return Survey(list(header), len(rows), columns)


EXPORTS = {
    "salesforce": (
        "sales",
        (
            "Opportunity ID;Opportunity Name;Opportunity Owner;Account Name;Stage;Amount;Amount Currency;"
            "Close Date;Created Date;Lead Source;Product Name;Quantity;List Price;Closed Lost Reason"
        ),
        "006A;Big one;Ana Alonso;Casa Gil;Closed Won;10;EUR;01/02/2026;01/01/2026;Web;Lamp;1;12;",
        {
            "external_id": "Opportunity ID",
            "rep": "Opportunity Owner",
            "customer": "Account Name",
            "stage": "Stage",
            "currency": "Amount Currency",
            "closed_on": "Close Date",
            "opened_on": "Created Date",
            "product": "Product Name",
            "lost_reason": "Closed Lost Reason",
        },
    ),
    "hubspot": (
        "sales",
        (
            "Record ID;Deal Name;Deal Stage;Deal owner;Amount;Close Date;Create Date;Associated Company;"
            "Currency;Product"
        ),
        "77;Big one;closedwon;Ana Alonso;10;2026-02-01 10:00;2026-01-01 09:00;Casa Gil;EUR;Lamp",
        {
            "external_id": "Record ID",
            "stage": "Deal Stage",
            "rep": "Deal owner",
            "customer": "Associated Company",
            "opened_on": "Create Date",
        },
    ),
    "pipedrive": (
        "sales",
        (
            "Deal - ID;Deal - Title;Deal - Owner;Deal - Organization;Deal - Stage;Deal - Status;"
            "Deal - Value;Deal - Currency;Deal - Deal created;Deal - Won time;Deal - Lost time;"
            "Deal - Lost reason;Deal - Product name"
        ),
        "5;Big one;Ana Alonso;Casa Gil;Second talk;Won;10;EUR;2026-01-01;2026-02-01;;;Lamp",
        {
            "external_id": "Deal - ID",
            "stage": "Deal - Status",
            "customer": "Deal - Organization",
            "closed_on": "Deal - Won time+Deal - Lost time",
            "amount": "Deal - Value",
        },
    ),
    "in Spanish": (
        "sales",
        (
            "Número de pedido;Vendedor;Producto;Cliente;Etapa;Fecha de creación;Fecha de cierre;"
            "Importe;Moneda;Cantidad"
        ),
        "P1;Ana Alonso;Lamp;Casa Gil;Ganada;01/01/2026;01/02/2026;10;EUR;1",
        {
            "external_id": "Número de pedido",
            "rep": "Vendedor",
            "stage": "Etapa",
            "closed_on": "Fecha de cierre",
            "quantity": "Cantidad",
        },
    ),
    "people in Spanish": (
        "people",
        "Nombre;Apellidos;Correo electrónico;Puesto;Equipo;Jefe;Fecha de alta;Número de empleado",
        "Ana;Alonso;a@b.example;Vendedora;Norte;Marta;01/01/2024;7",
        {
            "name": "Nombre+Apellidos",
            "email": "Correo electrónico",
            "role": "Puesto",
            "hired_on": "Fecha de alta",
        },
    ),
    "products": (
        "products",
        "SKU;Product Name;Product Family;Unit Price",
        "L1;Lamp;Light;12",
        {"code": "SKU", "name": "Product Name", "series": "Product Family", "list_price": "Unit Price"},
    ),
    "a CRM's teams": (
        "people",
        "sales_agent;manager;regional_office",
        "Ana;Marta;North",
        {"name": "sales_agent", "manager": "manager", "team": "regional_office+manager"},
    ),
    "goals": (
        "goals",
        "rep;metric;starts_on;ends_on;target",
        "Ana;revenue;2026-01-01;2026-03-31;5",
        {"rep": "rep", "metric": "metric", "target": "target"},
    ),
}


@pytest.mark.parametrize(("kind", "header", "row", "expected"), EXPORTS.values(), ids=EXPORTS.keys())
def test_an_export_is_recognised_and_its_columns_found(app, kind, header, row, expected):
    seen = survey(header.split(";"), row.split(";"))
    recognised = guessing.kind_of(kinds.kinds(), seen)
    assert recognised is not None
    assert recognised.name == kind
    found = {ours: "+".join(theirs) for ours, theirs in guessing.guess(recognised, seen).items()}
    assert {ours: found.get(ours) for ours in expected} == expected


@pytest.mark.parametrize("header", ["account;sector;employees", "a;b", "Table;Field;Description"])
def test_what_is_none_of_ours_is_not_guessed(app, header):
    assert guessing.kind_of(kinds.kinds(), survey(header.split(";"))) is None
