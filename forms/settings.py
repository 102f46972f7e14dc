"""What an installation decides about the front end."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network


@dataclass(frozen=True)
class Settings:
    """Given by the composition root.

    Args:
        secret_key: signs sessions; at least 16 characters, the same for every web process.
        demo: whether the demo login is offered (anybody may become any demo user).
        secure_cookies: whether cookies go over https only.
        proxy_hops: how many reverse proxies stand before us; the headers of so many are believed.
        session_minutes: how long a session lives without a click.
        login_limit: logins per address, in Flask-Limiter's words.
        metrics_token: whoever sends it may read /metrics and the details of /readyz.
        metrics_networks: whoever asks from one of these may read them too.
        version: shown in the footer.
    """

    secret_key: str = field(repr=False)
    demo: bool = True
    secure_cookies: bool = False
    proxy_hops: int = 0
    session_minutes: int = 60
    login_limit: str = "30 per minute"
    metrics_token: str | None = field(default=None, repr=False)
    metrics_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    version: str = "0.1.0"
