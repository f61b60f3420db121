"""Extensions, unbound; create_app binds them."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx

from app.core.models import Base

# Objects keep their values after a commit: a route renders what its operation returned without asking again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()
login_manager = LoginManager()
# Sessions are rows of our own: a cookie need not be written anew for each network that a phone comes by.
login_manager.session_protection = None
htmx = Htmx()
babel = Babel()
csrf = CSRFProtect()
