import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import embedded


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """A data folder of one's own; as root, pytest's tmp_path is closed to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="cumbre-ground-"))
    folder.chmod(0o711)
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder)
