"""Commands that run without the network, and without a folder: in namespaces of their own, where the system grants them."""

import shutil
import subprocess

UNSHARE = shutil.which("unshare")


def is_granted(*options):
    return bool(UNSHARE) and subprocess.run([UNSHARE, *options, "true"], stderr=subprocess.DEVNULL).returncode == 0


NETWORK = is_granted("-r", "-n")
MOUNTS = is_granted("-r", "-m")


def without_network(command):
    return [UNSHARE, "-r", "-n", *command] if NETWORK else command


def without_folder(folder, command):
    """For the command the folder is empty."""
    if not MOUNTS:
        return command
    return [UNSHARE, "-r", "-m", "/bin/sh", "-c", '/bin/mount -t tmpfs none "$0" && exec "$@"', str(folder), *command]
