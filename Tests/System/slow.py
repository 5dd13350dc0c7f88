#!/usr/bin/env python3
"""Clients that take their time, by the thousand.

    slow.py PORT KIND COUNT SECONDS [--address A]

Holds COUNT connections of one KIND for that long, and opens anew what the server closes: `idle` sends
nothing, `fields`, `bodies` and `handshake` (of TLS) send one byte in two seconds, `kept` asks once and stays,
`readers` ask for a long list and take nothing of it. Prints `ready` when all are there, and at the end what became of them.
"""

import argparse
import collections
import resource
import select
import socket
import time

HEAD = b"GET /api/v1/devices/ HTTP/1.1\r\nHost: localhost\r\n"
FIRST = {
    "idle": b"",
    "fields": b"G",
    "handshake": b"\x16",
    "bodies": b"POST /api/v1/devices/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              b"Content-Length: 100000\r\n\r\n{",
    "kept": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "readers": HEAD + b"\r\n",
}
DRIP = {"fields": HEAD[1:] + b"X-Slow: " + b"a" * 10_000, "bodies": b" " * 10_000,
        "handshake": b"\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500}
PAUSE = 2.0
# As many as the server's queue of new connections takes with ease.
CONNECTING = 500
# linux/in.h; Python has no name for it.
IP_BIND_ADDRESS_NO_PORT = 24


class Crowd:
    def __init__(self, port, kind, count, address):
        self.port, self.kind, self.count, self.address = port, kind, count, address
        self.poll = select.epoll()
        self.sockets = {}  # by descriptor: the socket, and how many bytes it has dripped
        self.connecting = set()
        self.turns = collections.deque()  # (when, descriptor): who drips next
        self.opened = self.closed = self.refused = 0

    @property
    def standing(self):
        return len(self.sockets) - len(self.connecting)

    def fill(self):
        while len(self.sockets) < self.count and len(self.connecting) < CONNECTING:
            connection = socket.socket()
            connection.setblocking(False)
            if self.kind == "readers":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            # The port is chosen for the peer too: otherwise the search for a free one takes long.
            connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            connection.bind((self.address, 0))
            connection.connect_ex(("127.0.0.1", self.port))
            self.sockets[connection.fileno()] = [connection, 0]
            self.connecting.add(connection.fileno())
            self.poll.register(connection, select.EPOLLOUT)

    def lose(self, descriptor):
        if descriptor in self.connecting:
            self.connecting.discard(descriptor)
            self.refused += 1
        else:
            self.closed += 1
        self.poll.unregister(descriptor)
        self.sockets.pop(descriptor)[0].close()

    def begin(self, descriptor):
        self.sockets[descriptor][0].send(FIRST[self.kind])
        self.connecting.discard(descriptor)
        self.opened += 1
        # Of who takes nothing only the end is of interest.
        self.poll.modify(descriptor, 0 if self.kind == "readers" else select.EPOLLIN)
        if self.kind in DRIP:
            self.turns.append((time.monotonic() + PAUSE, descriptor))

    def look(self, wait):
        for descriptor, event in self.poll.poll(wait):
            try:
                if event & (select.EPOLLHUP | select.EPOLLERR):
                    self.lose(descriptor)
                elif event & select.EPOLLOUT:
                    self.begin(descriptor)
                elif not self.sockets[descriptor][0].recv(65536):
                    self.lose(descriptor)
            except OSError:
                self.lose(descriptor)

    def drip(self):
        now, text = time.monotonic(), DRIP.get(self.kind)
        while self.turns and self.turns[0][0] <= now:
            _, descriptor = self.turns.popleft()
            entry = self.sockets.get(descriptor)
            if entry is None or descriptor in self.connecting:
                continue
            try:
                entry[0].send(text[entry[1]:entry[1] + 1])
                entry[1] += 1
                self.turns.append((now + PAUSE, descriptor))
            except OSError:
                self.lose(descriptor)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("port", type=int)
    parser.add_argument("kind", choices=FIRST)
    parser.add_argument("count", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--address", default="127.0.0.1")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = Crowd(options.port, options.kind, options.count, options.address)
    ready, end, least = False, time.monotonic() + 60, options.count
    while time.monotonic() < end:
        crowd.fill()
        crowd.look(0.01)
        crowd.drip()
        if not ready and crowd.standing == options.count:
            ready, end = True, time.monotonic() + options.seconds
            print("ready", flush=True)
        if ready:
            least = min(least, crowd.standing)
    print(f"{options.kind}: {crowd.standing} stand, {least if ready else 0} at least, {crowd.opened} opened, "
          f"{crowd.closed} closed by the server, {crowd.refused} refused", flush=True)


if __name__ == "__main__":
    main()
