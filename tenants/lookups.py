"""What stands in the public DNS, asked of the servers of the machine or of those that the settings name."""

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

SECONDS = 4.0
"""So long a request waits for an answer, whoever keeps it from coming."""


def texts_at(name: str) -> list[str]:
    """The TXT records of a name. None where there is no such name, and where nobody answers in time."""
    try:
        resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
        if settings.DNS_SERVERS:
            resolver.nameservers = [_server(address) for address in settings.DNS_SERVERS]
        answer = resolver.resolve(f"{name}.", "TXT", lifetime=SECONDS)
    except dns.exception.DNSException:
        return []
    return [b"".join(record.strings).decode("utf-8", "replace").strip() for record in answer]


def _server(address: str) -> dns.nameserver.Nameserver:
    """An IP address, with or without a port; of IPv6 with brackets: `[::1]:53`."""
    host, _colon, port = address.rpartition(":") if address.count(":") == 1 or "]:" in address else (address, "", "")
    return dns.nameserver.Do53Nameserver(host.strip("[]"), int(port or 53))
