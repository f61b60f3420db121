from app.core.changes import changes
from app.extensions import db
from app.sales.models import Product, Sale
from tests.sales.factories import make_product, make_sale


def test_an_administrator_adds_and_changes_a_product(as_alba, as_ana):
    data = as_alba.get("/products/new").form_data("main form")
    data |= {"code": "GTX", "name": "GTX Pro", "series": "GTX", "list_price": "4,821"}
    page = as_alba.follow(as_alba.post("/products", data))
    assert "$4,821.00" in page.text
    product = db.session.query(Product).one()
    data = as_alba.get(f"/products/{product.id}").form_data("main form")
    assert data["list_price"] == "4,821"
    del data["is_active"]
    as_alba.follow(as_alba.post(f"/products/{product.id}", data))
    assert not db.session.query(Product).one().is_active
    assert "There is no product to sell yet" in as_ana.get("/sales/new").text


def test_two_products_do_not_share_a_code(as_alba):
    make_product(code="GTX")
    data = {"code": "gtx ", "name": "Other", "currency": "USD"}
    answer = as_alba.post("/products", data)
    assert answer.status == 422
    assert "Another product has this code." in answer.text


def test_a_price_has_no_more_decimals_than_its_currency(as_alba):
    answer = as_alba.post("/products", {"code": "A", "name": "A", "currency": "CLP", "list_price": "10.5"})
    assert "CLP has 0 decimals." in answer.text
    assert as_alba.post("/products", {"code": "A", "name": "A", "currency": "XXL"}).status == 422


def test_the_product_sold_most_is_offered_first(as_ana, cast):
    make_product("Anchor")
    rope = make_product("Rope")
    make_sale(cast.ana, product=rope)
    labels = [label.get_text().strip() for label in as_ana.get("/sales/new").all("#product .choice")]
    assert labels == ["Rope", "Anchor"]


def test_many_products_go_into_a_list_beside_the_first(as_ana, cast):
    products = [make_product(f"Product {letter}") for letter in "ABCDEFGHIJKL"]
    page = as_ana.get("/sales/new")
    assert len(page.all("#product input")) == 6
    data = page.form_data("#new-sale") | {"other_product": str(products[-1].id)}
    assert as_ana.post("/sales", data).status == 303


def test_a_list_finds_products(as_alba):
    make_product("Rope"), make_product("Anchor")
    assert len(as_alba.get("/products?q=ROP").all("tbody tr")) == 1
    assert "Nothing matches" in as_alba.get("/products?q=_").text


def test_a_new_price_holds_from_the_next_sale_on(as_alba, as_ana, monkeypatch):
    monkeypatch.setattr(changes, "is_live", True)  # what was asked once is kept
    product = make_product(list_price=100_00)
    data = as_alba.get(f"/products/{product.id}").form_data("main form")

    def sell(number: int) -> int:
        form = as_ana.get("/sales/new").form_data("main form")
        form |= {"product": str(product.id), "customer": f"Konex {number}", "stage": "won", "amount": ""}
        assert as_ana.post("/sales", form).status == 303
        return db.session.query(Sale.list_price).order_by(Sale.id.desc()).first()[0]

    assert [sell(1), sell(2)] == [100_00, 100_00]
    as_alba.follow(as_alba.post(f"/products/{product.id}", data | {"list_price": "120"}))
    assert sell(3) == 120_00
