"""Where the program `awry` is that was installed with this package."""

import os
import sys
import sysconfig
from typing import Iterator

__all__ = ["find_awry_bin"]


def _folders() -> Iterator[str]:
    """Where an installer may have put it: the environment, the user's own folder, or beside the package (`--target`)."""
    yield sysconfig.get_path("scripts")
    # "posix_user" and the like; before Python 3.10 nobody tells the name.
    user = f"{os.name}_user"
    if sys.version_info >= (3, 10):
        user = sysconfig.get_preferred_scheme("user")
    if user in sysconfig.get_scheme_names():
        yield sysconfig.get_path("scripts", scheme=user)
    modules = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    yield os.path.join(modules, "bin")
    # <prefix>/lib/python3.x/site-packages, whatever sysconfig says of this prefix
    yield os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(modules))), "bin")


def find_awry_bin() -> str:
    """The path of the program; FileNotFoundError if it is in none of the places where installers put it."""
    name = "awry" + (sysconfig.get_config_var("EXE") or "")
    folders = list(_folders())
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(f"{name} is in none of these folders: {', '.join(folders)}")
