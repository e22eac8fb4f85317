"""Mail to respondents leaves through a process of its own, so that no page waits for a mail server."""

import os
import subprocess
import sys
import threading

from stins import config
from stins.config import Settings


def start(settings: Settings, inspection: str) -> None:
    """Start a process that sends what waits in an inspection, and let it run.

    It is told which inspection, and the settings: no address and no code. Should it die, the next
    `stins remind` sends instead. Raises :class:`OSError` where no process can be started.
    """
    outside = {name: value for name, value in os.environ.items() if not name.startswith("STINS_")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "stins", "send-mail", inspection],
        env=outside | config.environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()  # else it would be left as a zombie
