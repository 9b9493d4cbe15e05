"""Ports: taking one before anything else is started, and asking whether a platform answers there."""

import asyncio
import errno
import socket
import ssl

from leadsail.entrypoints.refusals import Refusal

_BACKLOG = 2048
_PATIENCE_SECONDS = 2.0
"""After a kill -9 of `leadsail up` its api needs a moment to let the port go."""


async def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes any free one. Raises `Refusal` when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=_BACKLOG)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or loop.time() > deadline:
                raise _refusal(host, port, error) from error
        await asyncio.sleep(0.1)


def connectable(host: str) -> str:
    """Where to connect to reach a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


async def status_of(
    host: str, port: int, path: str, *, key: str | None = None, tls: bool = False, verified: bool = False
) -> int | None:
    """The HTTP status that `path` answers with, None when nobody does; certificates are checked where `verified`."""
    try:
        async with asyncio.timeout(5):
            return await _ask(host, port, path, key, ssl=_context(verified=verified) if tls else None)
    except (OSError, TimeoutError, ValueError, IndexError):
        return None


async def _ask(host: str, port: int, path: str, key: str | None, *, ssl: ssl.SSLContext | None) -> int:
    reader, writer = await asyncio.open_connection(connectable(host), port, ssl=ssl)
    try:
        headers = f"Host: {host}\r\nConnection: close\r\n{f'X-API-Key: {key}' if key else 'Accept: */*'}\r\n"
        writer.write(f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode())
        first = await reader.readline()
        return int(first.split()[1])
    finally:
        writer.close()


def _context(*, verified: bool) -> ssl.SSLContext:
    """Our own process on this machine is asked without a check: its certificate names the public address."""
    context = ssl.create_default_context()
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _refusal(host: str, port: int, error: OSError) -> Refusal:
    if error.errno == errno.EADDRINUSE:
        return Refusal(
            f"Port {port} on {host} is taken by another program; stop that one (`ss -ltnp` shows it), or choose"
            " another port with --port."
        )
    return Refusal(f"Cannot listen on {host}:{port} ({error.strerror}); choose others with --host and --port.")
