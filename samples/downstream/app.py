"""The application: GET /orders/NUMBER, served by the standard library's WSGI server."""

import os
import signal
import socketserver
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from downstream import truth
from downstream.profiler import Profiler

ORDERS = {
    number: {"number": number, "item": f"item {number % 40}", "pieces": number % 7 + 1}
    for number in range(1000, 1500)
}


def find_order(path):
    """The order that a path names, or None."""
    head, _, number = path.rpartition("/")
    return ORDERS.get(int(number)) if head == "/orders" and number.isdigit() else None


def application(environ, start_response):
    profiler = Profiler()
    profiler.begin(environ["PATH_INFO"])
    order = find_order(environ["PATH_INFO"])
    status = 404 if order is None else 200
    body = "no such order\n" if order is None else "{number}: {pieces} x {item}\n".format(**order)
    start_response("404 Not Found" if order is None else "200 OK", [("Content-Type", "text/plain")])
    profiler.end(status)
    return [body.encode()]


class Server(WSGIServer):
    request_queue_size = 128

    def server_bind(self):
        # HTTPServer.server_bind asks for the machine's name: it must not get into the core.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address
        self.setup_environ()


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format, *args):
        pass


def main():
    """Serves on a free port, whose number goes to the file `port`; SIGUSR1 writes `truth.json`."""
    server = Server(("127.0.0.1", 0), QuietHandler)
    server.set_app(application)
    signal.signal(signal.SIGUSR1, lambda *_: truth.write("truth.json"))
    with open("port.part", "w") as file:
        print(server.server_port, file=file)
    os.rename("port.part", "port")
    server.serve_forever()
