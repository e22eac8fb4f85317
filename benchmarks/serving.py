"""gunicorn in a child process on this machine's loopback, as `stins serve` runs it."""

import multiprocessing
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from stins.config import Settings

WORKERS, THREADS = 2, 4
LONGEST = 300  # seconds, after which the server ends by itself
START = 30


@contextmanager
def served(using: Settings, port: int) -> Iterator[None]:
    """Serve an installation for as long as the block lasts."""
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(using, port))
    process.start()
    try:
        _wait(port)
        yield
    finally:
        process.terminate()
        process.join(START)


def free_port() -> int:
    """Give a port of the loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _serve(using: Settings, port: int) -> None:
    from stins.cli.server import Server

    signal.alarm(LONGEST)
    Server(using, f"127.0.0.1:{port}", WORKERS, THREADS).run()


def _wait(port: int) -> None:
    until = time.monotonic() + START
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=START)
            connection.request("GET", "/halsa")
            assert connection.getresponse().status == 200
            connection.close()
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
