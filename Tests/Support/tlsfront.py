"""Ends TLS in front of a plain server of the tests: tlsfront.py PORT BEHIND CERTIFICATE"""

import socket
import ssl
import sys
import threading


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve(plain, context, behind):
    try:
        with context.wrap_socket(plain, server_side=True) as secure, socket.create_connection(("127.0.0.1", behind)) as inner:
            back = threading.Thread(target=copy, args=(inner, secure), daemon=True)
            back.start()
            copy(secure, inner)
            back.join()
    except OSError:
        pass


def main():
    port, behind = int(sys.argv[1]), int(sys.argv[2])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    with socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=serve, args=(plain, context, behind), daemon=True).start()


main()
