"""A mail server of this machine for tests: keeps what it accepts, refuses whom it is told to."""

import email
import socketserver
import threading
from contextlib import contextmanager


class _Handler(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as smtplib speaks without encryption."""

    def handle(self):
        self.say(220, "zkouska")
        while line := self.rfile.readline():
            verb, _space, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self.say(221, "na shledanou")
                return
            self.answer(verb.upper(), rest)

    def answer(self, verb, rest):
        server = self.server
        if verb == "RCPT":
            code = server.refused.get(rest.partition("<")[2].rstrip(">"), 250)
            self.say(code, "tajemstvi o prijemci" if code >= 400 else "ok")
        elif verb == "DATA":
            self.say(354, "pis")
            text = b"".join(iter(self.rfile.readline, b".\r\n"))
            server.letters.append(email.message_from_bytes(text))
            self.say(250, "prijato")
        else:
            self.say(250, "ok")

    def say(self, code, words):
        self.wfile.write(f"{code} {words}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """``letters`` accepted so far; ``refused`` maps an address to the code with which it is refused."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.letters = []
        self.refused = {}

    @property
    def port(self):
        return self.server_address[1]

    def handle_error(self, request, client_address):
        """A client that was killed while it spoke is what the tests are for."""


@contextmanager
def mail_server():
    """A running ``Sink``."""
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()


def speak_smtp(settings, port: int) -> None:
    """Have the portal send its mail to that port."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
