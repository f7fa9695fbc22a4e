"""A bad line between a desk and its PostgreSQL: a proxy that can be cut at a chosen word."""

import select
import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Literal

from sqlalchemy import URL, make_url

SOCKET = ".s.PGSQL.5432"

Lost = Literal["request", "answer"]


class Proxy:
    """Listens on a socket in `folder` and forwards to the server of `url`.

    `cut(4, "answer")` lets three more round trips pass; the server gets the fourth request, but
    its answer is lost with the connection. With "request" it does not even get that.
    `cut(b"COMMIT", …)` waits for the request that says so. With `for_good` there is no line any
    more until `come_back`.
    """

    def __init__(self, url: str, folder: Path) -> None:
        target = make_url(url)
        self.server = target
        self.folder = folder
        self.url = URL.create(
            target.drivername,
            username=target.username,
            password=target.password,
            database=target.database,
            query={"host": str(folder)},
        ).render_as_string(hide_password=False)
        self.at: int | bytes = 0
        self.lost: Lost = "request"
        self.for_good = False
        self.cuts = 0
        self._open: list[socket.socket] = []
        self.come_back()

    def come_back(self) -> None:
        """Accept connections (again)."""
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / SOCKET))
        self.listener.listen()
        Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def go_away(self) -> None:
        """Drop every connection and refuse new ones."""
        (self.folder / SOCKET).unlink()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.drop()

    def drop(self) -> None:
        """Drop every connection; new ones are accepted."""
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def cut(self, at: int | bytes, lost: Lost, *, for_good: bool = False) -> None:
        """Cut the line at the request with this number from now, or with these words."""
        self.at, self.lost, self.for_good = at, lost, for_good

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                desk, _address = listener.accept()
                Thread(target=self._forward, args=(desk,), daemon=True).start()

    def _forward(self, desk: socket.socket) -> None:
        with desk, self._reach_server() as server, suppress(OSError):
            self._open += (desk, server)
            other = {desk: server, server: desk}
            while True:
                for ready in select.select(list(other), [], [])[0]:
                    data = ready.recv(65536)
                    if not data or (ready is desk and self._is_cut(server, data)):
                        return
                    other[ready].sendall(data)

    def _reach_server(self) -> socket.socket:
        folder = self.server.query.get("host")
        if folder is None:
            return socket.create_connection((self.server.host, self.server.port or 5432))
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(Path(str(folder)) / SOCKET))
        return server

    def _is_cut(self, server: socket.socket, data: bytes) -> bool:
        if isinstance(self.at, bytes):
            here = self.at in data
        else:
            here = self.at == 1
            self.at = max(0, self.at - 1)
        if not here:
            return False
        self.at = 0
        self.cuts += 1
        if self.lost == "answer":
            server.sendall(data)
            server.recv(65536)
        if self.for_good:
            self.go_away()
        return True
