"""The room's pages: record, the sales, the process, activities, the catalogue."""

from app.sales.routes.activities import bp as activities
from app.sales.routes.process import bp as process
from app.sales.routes.products import bp as products
from app.sales.routes.rates import bp as rates
from app.sales.routes.record import bp as record
from app.sales.routes.sales import bp as sales

blueprints = (record, sales, process, activities, products, rates)
