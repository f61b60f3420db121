"""What the web server and the `flask` command load: `flask --app wsgi ...`."""

import sys

from app import create_app
from config import Config, ConfigError

try:
    app = create_app(Config.from_environment())
except ConfigError as problem:
    sys.exit(f"cumbre: {problem}")
