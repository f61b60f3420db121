"""The portal with pages made from constants beside it: what the same server can do without a database."""

import json
import os
from pathlib import Path

from flask.typing import ResponseReturnValue

from app import create_app
from app.core.permissions import public
from config import Config

app = create_app(Config.from_environment())
CONSTANTS = {name: Path(path).read_text() for name, path in json.loads(os.environ["BENCH_CONSTANTS"]).items()}


@app.get("/bench/empty")
@public
def empty() -> ResponseReturnValue:
    return ""


@app.get("/bench/<name>")
@public
def constant(name: str) -> ResponseReturnValue:
    return CONSTANTS[name]
