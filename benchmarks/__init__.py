"""What `make bench` runs: each module is one measure of what the program must bear (README, "bench").

A figure is read against a baseline from the same run wherever there is one. Nothing here is a test: a target
that is not met is printed, not failed, since machines differ.
"""

import sys
from pathlib import Path

# The measures stand in the same small world as the tests.
sys.path.append(str(Path(__file__).parent.parent / "tests" / "support"))
