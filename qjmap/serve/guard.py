"""Decide which requests the local server answers: only those of its own page in a browser on this machine.

A page of any website may send requests to 127.0.0.1, and its host name may resolve to 127.0.0.1 (DNS rebinding). Therefore the header
`Host` must have the server's own name, every path must begin with a token that only the address printed at the start contains, and a
request that changes data must come from the server's own page, as browsers state in `Origin` and `Sec-Fetch-Site`.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

_PATH = re.compile(r"/([A-Za-z0-9_-]{20,64})/([a-z0-9.]*)")
_OWN_SITE = ("same-origin", "none")


@dataclass(frozen=True)
class Guard:
    """The address of a server and its token.

    Attributes
    ----------
    port : port on the loopback interface.
    token : random text, which is the first part of every path.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def origin(self) -> str:
        """Return the origin of the server's pages: scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """Return the address to open in a browser."""
        return f"{self.origin}/{self.token}/"

    def route(self, method: str, path: str, headers: Mapping[str, str]) -> str | None:
        """Return the part of the path after the token, without the query; None for a request that must not be answered.

        Parameters
        ----------
        path : path as in the request line. It is not percent-decoded, so that a path can be written in one way only.
        headers : headers of the request, by name in lower case.
        """
        match = _PATH.fullmatch(path.partition("?")[0])
        if match is None or not hmac.compare_digest(match[1].encode(), self.token.encode()):
            return None
        if headers.get("host") != f"127.0.0.1:{self.port}":
            return None
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "same-origin")
        if site not in _OWN_SITE or origin not in (None, self.origin):
            return None
        if method == "POST" and (origin is None or site != "same-origin"):
            return None
        return match[2]
