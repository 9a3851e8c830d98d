"""Which requests a local server answers: those of its own page in this machine's browser, and no others.

A page of any site may send requests to 127.0.0.1, and may have its own name resolve there (DNS rebinding). So the name in `Host` must be
the server's own, a path begins with a token that only the address printed at the start holds, and what changes anything must come from
the server's own page, which browsers say in `Origin` and `Sec-Fetch-Site`.
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
    port : of the loopback interface.
    token : random; the first part of every path.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def origin(self) -> str:
        """Origin of the server's pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """Address to open."""
        return f"{self.origin}/{self.token}/"

    def route(self, method: str, path: str, headers: Mapping[str, str]) -> str | None:
        """Return the last part of a path, without its query; None for a request that is not answered.

        Parameters
        ----------
        path : as in the request line; nothing in it is decoded, so that no other writing of a path exists.
        headers : of the request, by names in lower case.
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
