"""A name server of one's own, on this machine: what it does not know is not there."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Zone(socketserver.ThreadingUDPServer):
    """Answers for TXT records alone: name → texts. `asked` are the names that somebody looked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.texts: dict[str, list[str]] = {}
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def answer(self, query: Any) -> Any:
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True)
        self.asked.append(name)
        response = dns.message.make_response(query)
        texts = self.texts.get(name, [])
        if texts and question.rdtype == dns.rdatatype.TXT:
            records = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in texts]
            response.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", "TXT", records))
        elif not texts:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response


class Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, socket = self.request
        server: Any = self.server
        socket.sendto(server.answer(dns.message.from_wire(data)).to_wire(), self.client_address)


@contextmanager
def serving() -> Iterator[Zone]:
    with Zone() as zone:
        thread = threading.Thread(target=zone.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield zone
        finally:
            zone.shutdown()
            thread.join()
