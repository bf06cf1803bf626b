"""Does an address on the web answer? Asked by the background worker, never by a page.

Whoever adds a link chooses an address that this machine will ask, so it asks public ones only: the name is resolved
here, every address that it has must be public, and the connection goes to the very address that was looked at. A
redirect is looked at in the same way. Nothing but the status is read.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, urljoin, urlsplit

SECONDS = 5  # for each wait
WHOLE = 20  # for one address with all its redirects, however slowly they speak
REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
AGAIN_WITH_GET = {403, 405, 501}  # servers that do not take HEAD
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
AGENT = "Mozilla/5.0 (compatible; diagnoza-lokalna; link check)"
Resolve = Callable[[str, int], list[str]]
BROKEN = (OSError, http.client.HTTPException, ValueError)


class RefusedAddressError(ValueError):
    """Not a public address on the web; it is not asked."""


def answers(url: str, resolve: Resolve | None = None) -> bool:
    """True if the page is there (status below 400, or one that asks who we are). RefusedAddressError: never asked.

    Whatever a server answers, this ends within WHOLE seconds and the time that its names take to be found.
    """
    asked: set[str] = set()
    end = time.monotonic() + WHOLE
    for _ in range(REDIRECTS + 1):
        if url in asked:
            return False
        asked.add(url)
        try:
            status, location = _ask(url, resolve or resolved, end)
            if not 300 <= status < 400:
                return status < 300 or status in (401, 403, 429)
            if not location:
                return False
            url = urljoin(url, location)
        except RefusedAddressError:
            raise
        except BROKEN:
            return False
    return False


def parts_of(url: str) -> SplitResult:
    """RefusedAddressError: not http or https, a name in it, an odd port, or a host that is plainly not public."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddressError(url) from error
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or not host or parts.username or parts.password:
        raise RefusedAddressError(url)
    if port not in (None, PORTS[parts.scheme]):
        raise RefusedAddressError(url)
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        # Digits alone ("2130706433", "0x7f.1") are an address to some programs, and a name to nobody.
        last = host.rpartition(".")[2]
        if "." not in host or last[:1].isdigit() or host.endswith((".localhost", ".local", ".internal")):
            raise RefusedAddressError(url) from None
    else:
        if not is_public(str(address)):
            raise RefusedAddressError(url)
    return parts


def is_public(address: str) -> bool:
    """Of an address within another (mapped, 6to4, Teredo), the inner one; a translated one (NAT64) is never."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if any(one is not None and not is_public(str(one)) for one in inner):
            return False
        if ip in NAT64 or ip in NAT64_LOCAL or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def resolved(host: str, port: int) -> list[str]:
    """Every address that the name has."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _ask(url: str, resolve: Resolve, end: float) -> tuple[int, str]:
    """Status, and where a redirect leads. `end`: on the monotonic clock, when there is no more waiting."""
    parts = parts_of(url)
    host, port = (parts.hostname or "").rstrip("."), PORTS[parts.scheme]
    addresses = resolve(host.encode("idna").decode("ascii"), port)
    if not addresses or not all(is_public(one) for one in addresses):
        raise RefusedAddressError(url)
    status, location = _request("HEAD", parts, host, port, addresses[0], end)
    if status in AGAIN_WITH_GET:
        status, location = _request("GET", parts, host, port, addresses[0], end)
    return status, location


def _request(
    method: str, parts: SplitResult, host: str, port: int, address: str, end: float
) -> tuple[int, str]:
    name = host.encode("idna").decode("ascii")
    connection = http.client.HTTPConnection(name, port, timeout=SECONDS)
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    with socket.create_connection((address, port), timeout=min(SECONDS, left)) as plain, _ends(plain, end):
        if parts.scheme == "https":
            # The plain socket loses its file to the secured one, which has to be ended instead.
            secured = ssl.create_default_context().wrap_socket(
                plain, server_hostname=name, do_handshake_on_connect=False
            )
            with secured, _ends(secured, end):
                secured.do_handshake()
                return _answer(connection, secured, method, parts)
        return _answer(connection, plain, method, parts)


def _answer(
    connection: http.client.HTTPConnection, over: socket.socket, method: str, parts: SplitResult
) -> tuple[int, str]:
    connection.sock = over
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, _ascii(target), headers={"User-Agent": AGENT, "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()


@contextlib.contextmanager
def _ends(sock: socket.socket, end: float) -> Iterator[None]:
    """Until the end of the block: at `end` the connection is shut, so that whoever waits for it waits no more."""
    timer = threading.Timer(max(0.0, end - time.monotonic()), _shut, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _ascii(target: str) -> str:
    """Letters that an address may not hold, as percent signs; those that are there already stay."""
    return "".join(
        char if "!" <= char <= "~" else "".join(f"%{octet:02X}" for octet in char.encode("utf-8", "replace"))
        for char in target
    )


def _shut(sock: socket.socket) -> None:
    """Whoever waits for it is told that it is over. Past TLS: its own goodbye would wait for the other side."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
