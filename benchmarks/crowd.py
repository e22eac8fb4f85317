"""A crowd that hands in over HTTP: many connections at once, in one thread, with requests made beforehand."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Served:
    """How it went: how many were received, in how many seconds in all, and each one's milliseconds."""

    received: int
    seconds: float
    waited: tuple[float, ...]

    @property
    def rate(self) -> float:
        """How many were received in a second."""
        return self.received / self.seconds


def post(port: int, path: str, fields: dict[str, str]) -> bytes:
    """Make a request as a browser sends a form."""
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send(port: int, requests: Sequence[bytes], at_once: int) -> Served:
    """Send requests over ``at_once`` connections, each its next when the one before is answered."""
    return asyncio.run(_send(port, requests, at_once))


async def _send(port: int, requests: Sequence[bytes], at_once: int) -> Served:
    left = iter(requests)
    begun = perf_counter()
    waited = await asyncio.gather(*(_person(port, left) for _ in range(at_once)))
    seconds = perf_counter() - begun
    times = tuple(each for person in waited for each in person)
    return Served(len(times), seconds, times)


async def _person(port: int, left: Iterator[bytes]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    for request in left:
        begun = perf_counter()
        writer.write(request)
        await _received(reader)
        times.append(1000 * (perf_counter() - begun))
    writer.close()
    await writer.wait_closed()
    return times


async def _received(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    status, *headers = head.decode("latin-1").lower().splitlines()
    length = next(int(line.partition(":")[2]) for line in headers if line.startswith("content-length:"))
    await reader.readexactly(length)
    assert " 200 " in status, status
