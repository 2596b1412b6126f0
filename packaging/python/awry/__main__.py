"""`python -m awry`: becomes the program."""

import os
import sys

from awry import find_awry_bin

if __name__ == "__main__":
    program = find_awry_bin()
    os.execv(program, [program, *sys.argv[1:]])
