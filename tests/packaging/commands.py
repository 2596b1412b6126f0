"""Commands as these tests run them; without the network or without a folder in namespaces of their own, where the system
grants them."""

import shutil
import subprocess

UNSHARE = shutil.which("unshare")


def call(*command, **more):
    """What it says, on both streams, and its status."""
    return subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
        universal_newlines=True,
        **more,
    )


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
