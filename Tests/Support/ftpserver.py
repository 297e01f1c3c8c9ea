"""An FTP server of the tests, on pyftpdlib: has what vsftpd has not (MLSD, Windows listings, names of all kinds).

    ftpserver.py PORT FOLDER USER PASSWORD [word...]

Words: explicit or implicit (TLS), certificate=FILE, mlsd=no, windows (LIST as IIS writes it), rename=refuses (RNTO says no
when the name is there), rename=fails (always), size=no, mdtm=no, epsv=no, hostile (the listing holds names that lead
elsewhere), endless (the listing never ends), lying (the listing's sizes are too small), lostreply (RNTO renames, then the
connection is cut), readonly.
"""

import os
import sys
import time

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer


def main():
    port, folder, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    words = dict(word.partition("=")[::2] for word in sys.argv[5:])
    is_secure = "explicit" in words or "implicit" in words

    class Files(AbstractedFS):
        def format_list(self, basedir, listing, ignore_err=True):
            if "endless" in words:
                yield from self.endless(b"-rw-r--r--   1 a a 5 Nov 24 2025 order-%d.csv\r\n")
            if "hostile" in words:
                for name in HOSTILE:
                    yield b"-rw-r--r--   1 a a        5 Nov 24  2025 " + name + b"\r\n"
            for name in listing:
                status = self.lstat(os.path.join(basedir, name))
                if "windows" in words:
                    at = time.strftime("%m-%d-%y  %I:%M%p", time.gmtime(status.st_mtime))
                    kind = "<DIR>         " if os.path.isdir(os.path.join(basedir, name)) else "%20d" % status.st_size
                    yield f"{at} {kind:>20} {name}\r\n".encode("utf8", self.cmd_channel.unicode_errors)
                else:
                    yield from super().format_list(basedir, [name], ignore_err)

        def format_mlsx(self, basedir, listing, perms, facts, ignore_err=True):
            if "endless" in words:
                yield from self.endless(b"type=file;size=5;modify=20251124101112; order-%d.csv\r\n")
            if "hostile" in words:
                for name in HOSTILE:
                    yield b"type=file;size=5;modify=20251124101112; " + name + b"\r\n"
            for line in super().format_mlsx(basedir, listing, perms, facts, ignore_err):
                if "lying" in words:
                    line = line.replace(b"size=", b"size=0")[:-1] + b"\n"
                    head, _, rest = line.partition(b"size=0")
                    line = head + b"size=1" + rest[rest.index(b";") :]
                yield line

        @staticmethod
        def endless(pattern):
            number = 0
            while True:
                yield b"".join(pattern % n for n in range(number, number + 100))
                number += 100

        def rename(self, source, target):
            if words.get("rename") == "fails":
                raise OSError(13, "rename is not allowed")
            if words.get("rename") == "refuses" and os.path.lexists(target):
                raise OSError(17, "File exists")
            super().rename(source, target)

    class Handler(TLS_FTPHandler if is_secure else FTPHandler):
        if "implicit" in words:

            def __init__(self, connection, server, ioloop=None):
                super().__init__(connection, server, ioloop)
                self.secure_connection(self.ssl_context)

            def handle(self):
                pass

            def handle_ssl_established(self):
                FTPHandler.handle(self)

        def ftp_RNTO(self, path):
            result = super().ftp_RNTO(path)
            if "lostreply" in words:
                words.pop("lostreply")
                self.close()
            return result

    class SecureData(TLS_DTPHandler):
        # A client may begin TLS before it says what to transfer; pyftpdlib takes that for the end of the connection.
        def readable(self):
            return self._ssl_want_read or self._ssl_accepting or self.receive

    Handler.dtp_handler = SecureData if is_secure else DTPHandler
    authorizer = DummyAuthorizer()
    authorizer.add_user(user, password, folder, perm="elr" if "readonly" in words else "elradfmwMT")
    Handler.authorizer = authorizer
    Handler.abstracted_fs = Files
    Handler.masquerade_address = None
    Handler.auth_failed_timeout = 0.1
    if is_secure:
        Handler.certfile = words["certificate"]
        Handler.tls_control_required = Handler.tls_data_required = True
    commands = dict(Handler.proto_cmds)
    for word, dropped in (("mlsd", ("MLSD", "MLST")), ("size", ("SIZE",)), ("mdtm", ("MDTM",)), ("epsv", ("EPSV",))):
        if words.get(word) == "no":
            for command in dropped:
                commands.pop(command, None)
    Handler.proto_cmds = commands
    FTPServer(("127.0.0.1", port), Handler).serve_forever()


HOSTILE = [b"../up.csv", b"/etc/passwd", b"a/b.csv", b"..", b"esc\x1b[2J.csv", b"\xff\xfe.csv", b"tab\t.csv", b"x" * 300 + b".csv", b""]

main()
