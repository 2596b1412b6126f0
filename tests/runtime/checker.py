"""The runtime checker without the program around it: how tests load it into an interpreter.

The environment names what is tested: AWRY_RUNTIME is the extension, AWRY_PRELOAD the sanitizer that it is built with.
"""

import os
import re

RUNTIME = os.environ["AWRY_RUNTIME"]

# Binds `runtime` to the extension, whose path is the first argument.
LOADING = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("awry_runtime", sys.argv[1])
runtime = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runtime)
"""

# Runs the program at the third argument, with orders behind it; what is seen goes to the descriptor in the second.
LOADER = LOADING + 'runtime.main(int(sys.argv[2]), sys.argv[3], "__main__", None, *sys.argv[4:])\n'


def environment(**variables):
    preload = os.environ.get("AWRY_PRELOAD")
    options = {"LD_PRELOAD": preload, "PYTHONMALLOC": "malloc", "ASAN_OPTIONS": "detect_leaks=0"} if preload else {}
    return {**os.environ, **options, **variables}


def expected_faults(program, first=1, last=None):
    """(how, line, kind) of each fault that the comments in these lines of the program name."""
    faults = set()
    for number, line in enumerate(program.read_text(encoding="utf-8").splitlines()[first - 1 : last], first):
        match = re.search(r"# (expect|caught): (.*)$", line)
        if match:
            faults |= {(match.group(1), number, kind.strip()) for kind in match.group(2).split(",")}
    return faults


def missing_and_surplus(faults, observations):
    """Faults that were not seen, and what was seen and is no fault."""
    surplus, missing = [], set(faults)
    for seen in observations:
        places = {
            ("expect", seen.get("handler") or seen["at"]["line"], seen["kind"]),
            ("caught", seen["at"]["line"], seen["kind"]),
        }
        missing -= places
        if not places & faults:
            surplus.append(seen)
    return missing, surplus
