"""Writes a message anew as programs do that are built on Python's `email`, or hands it to Mailman 3 for its
footer: message on standard input, what comes out on standard output, in CRLF.

    python3 rewrite.py bytes | text | mailman

Mailman is not among the peers that are set up by themselves: target/peers/python/bin/pip install mailman
"""

import sys
from email import message_from_bytes

FOOTER = "_______________________________________________\nTea mailing list -- tea@lists.example.net\n"


def decorated(message):
    from mailman.handlers import decorate
    from mailman.interfaces.mailinglist import IListArchiverSet
    from zope.interface import implementer

    @implementer(IListArchiverSet)
    class List:
        archivers = ()

        class preferred_language:
            charset = "utf-8"

    decorate.decorate = lambda name, *_: FOOTER if name.endswith("footer") else ""
    decorate.process(List(), message, {})
    return message


message = message_from_bytes(sys.stdin.buffer.read())
if sys.argv[1] == "mailman":
    message = decorated(message)
output = message.as_string().encode() if sys.argv[1] == "text" else message.as_bytes()
sys.stdout.buffer.write(output.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
