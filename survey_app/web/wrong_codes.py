"""Wrong codes of invitations, counted per caller, so that a flood of guesses is slowed and not served.

Only wrong codes are counted, so nothing here can join a caller with an answer: a right code leaves no trace. It is
served however many wrong ones came before it: a whole office shares one address, and nobody there may shut out the
others. Guessing is hopeless anyway (80 random bits); what is held here is the cost of trying.

Counts live in the memory of one process, under an HMAC whose random salt is thrown away each day; no address is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
import threading
import time

from flask import current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from survey_app.web.access import current_context

PER_CALLER = parse("30 per 15 minutes")
# Beyond so many callers, new ones are counted together: a flood from countless addresses costs no more memory.
# So are all whom a proxy does not name, as deploy/nginx.conf does not under /a/.
MOST_CALLERS = 5_000
TOGETHER = parse("300 per 15 minutes")
UNNAMED = ""
IPV6_NETWORK = 64  # what one household or office is given: its addresses are one caller
TOO_MANY = (
    "Przyszło stąd wiele kodów, których nie znamy, więc przez kwadrans nie przyjmujemy następnych błędnych. "
    "Właściwy kod działa przez cały czas. Prosimy porównać go z listem, znak po znaku."
)


class WrongCodes:
    """The counts of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin(dt.date.min)

    def count(self, address: str, today: dt.date) -> bool:
        """Count one wrong code of this caller. True: it was one too many."""
        limit, key = self._place(address, today)
        return not self._counter.hit(limit, key)

    def is_over(self, address: str, today: dt.date) -> bool:
        """Whether the caller's next wrong code would be one too many; counts nothing."""
        limit, key = self._place(address, today)
        return not self._counter.test(limit, key)

    def seconds_left(self, address: str, today: dt.date) -> int:
        """Until the caller's counting begins anew; at least one."""
        limit, key = self._place(address, today)
        return max(1, int(self._counter.get_window_stats(limit, key).reset_time - time.time()) + 1)

    def __len__(self) -> int:
        """How many callers are counted just now."""
        return len(self._storage.storage)

    def _begin(self, today: dt.date) -> None:
        self._day, self._salt = today, secrets.token_bytes(32)
        self._storage = MemoryStorage()
        self._counter = FixedWindowRateLimiter(self._storage)

    def _place(self, address: str, today: dt.date) -> tuple[RateLimitItem, str]:
        """The limit and the key that a caller is counted under."""
        with self._lock:
            if today != self._day:
                self._begin(today)
            key = hmac.new(self._salt, _network(address).encode(), hashlib.sha256).hexdigest()
            known = self._storage.get(PER_CALLER.key_for(key)) > 0
            if address != UNNAMED and (known or len(self) < MOST_CALLERS):
                return PER_CALLER, key
            return TOGETHER, "together"


def count_wrong_code() -> bool:
    """Count the code of this request as a wrong one. True: the caller has sent too many."""
    return _counts().count(*_caller())


def too_many_already() -> bool:
    """Whether the caller has sent so many wrong codes that no more of them are looked up."""
    return _counts().is_over(*_caller())


def retry_after() -> str:
    """The seconds that a refused caller is asked to wait, as a header says them."""
    return str(_counts().seconds_left(*_caller()))


def _counts() -> WrongCodes:
    """Made by the first that asks, in the process that serves: workers share no salt."""
    held = current_app.extensions
    if "wrong_codes" not in held:
        held.setdefault("wrong_codes", WrongCodes())
    counts: WrongCodes = held["wrong_codes"]
    return counts


def _caller() -> tuple[str, dt.date]:
    """The address, UNNAMED where it would be the proxy's own; and today."""
    context = current_context()
    behind = context.settings.trusted_proxies and "X-Forwarded-For" not in request.headers
    return UNNAMED if behind else request.remote_addr or UNNAMED, context.today()


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:  # a Unix socket, or what a proxy made up
        return address.encode("ascii", "backslashreplace").decode("ascii")
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, IPV6_NETWORK), strict=False))
    return str(found)
