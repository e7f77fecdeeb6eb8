"""Writes the mails of this folder, see README.md. Bytes are written as they stand here: `mail` ends lines
with CRLF unless told otherwise, and adds nothing but the fields that all mails have."""

import base64
import json
import quopri
import shutil
from pathlib import Path

HERE = Path(__file__).parent
WORDS = "The quick brown fox jumps over the lazy dog while five boxing wizards watch the pangram".split()
ALL_OCTETS = bytes(range(256))


def write(name, content):
    path = HERE / f"{name}.eml"
    path.parent.mkdir(exist_ok=True)
    assert not path.exists(), name
    path.write_bytes(content)


def mail(name, why, fields, body, eol="\r\n"):
    """`fields` are lines of text or of raw octets; a body in text has its line ends changed to `eol`."""
    head = ["From: Alice <alice@example.com>", "To: Bob <bob@example.net>", f"Subject: {why}", "MIME-Version: 1.0"]
    lines = [line if isinstance(line, bytes) else line.encode() for line in head + fields]
    if isinstance(body, str):
        body = body.replace("\n", eol).encode()
    write(name, eol.encode().join(lines + [b"", body]))


def text(charset=None, encoding=None, **parameters):
    fields = ["Content-Type: text/plain" + "".join(
        f"; {key}={value}" for key, value in {"charset": charset, **parameters}.items() if value)]
    return fields + ([f"Content-Transfer-Encoding: {encoding}"] if encoding else [])


def part(fields, body, eol="\r\n"):
    if isinstance(body, str):
        body = body.replace("\n", eol).encode()
    lines = [line if isinstance(line, bytes) else line.encode() for line in fields]
    return eol.encode().join(lines + [b"", body])


def multipart(parts, boundary="=_b", preamble=b"", epilogue=b"\r\n", close=True):
    delimiter = b"--" + boundary.encode()
    out = preamble
    for one in parts:
        out += delimiter + b"\r\n" + one + b"\r\n"
    return out + (delimiter + b"--" + epilogue if close else b"")


def mixed(boundary="=_b", subtype="mixed", extra=""):
    return [f'Content-Type: multipart/{subtype}; boundary="{boundary}"{extra}']


def b64(data, columns=76):
    encoded = base64.b64encode(data).decode()
    return "".join(encoded[i:i + columns] + "\n" for i in range(0, len(encoded), columns))


def prose(length):
    """Words on one line of at least this length."""
    line = ""
    while len(line) < length:
        line += (" " if line else "") + WORDS[len(line) % len(WORDS)]
    return line


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
HELLO = part(text("us-ascii"), "Hello Bob,\n\nsee below.\n\nAlice")


def line_ends():
    body = "Hello Bob,\n\nthree lines\nof text.\n"
    mail("line-ends/crlf", "CRLF everywhere", text("us-ascii"), body)
    mail("line-ends/lf", "LF everywhere", text("us-ascii"), body, eol="\n")
    mail("line-ends/lf-8bit", "LF everywhere, 8-bit", text("utf-8", "8bit"), "Grüße\nan alle\n", eol="\n")
    mail("line-ends/lf-body", "LF in the body alone", text("us-ascii"), body.encode())
    mail("line-ends/lf-header", "LF in the header alone", text("us-ascii"), body.replace("\n", "\r\n").encode(), eol="\n")
    mail("line-ends/mixed", "LF and CRLF in turns", text("us-ascii"), b"one\r\ntwo\nthree\r\nfour\n\r\n\nfive")
    mail("line-ends/bare-cr", "CR alone in the body", text("us-ascii"), b"one\rtwo\r\nthree\r\r\nfour\r")
    mail("line-ends/cr-at-the-end", "CR as the last octet", text("us-ascii"), b"one\r\ntwo\r")
    mail("line-ends/none-at-the-end", "no line end at the end", text("us-ascii"), b"one\r\ntwo")
    mail("line-ends/many-at-the-end", "empty lines at the end", text("us-ascii"), "one\n\n\n\n")
    mail("line-ends/form-feed", "form feed and vertical tab", text("us-ascii"), "page\n\x0c\npage\x0b\n")
    lf = multipart([HELLO, part(text("utf-8", "8bit"), "Grüße")]).replace(b"\r\n", b"\n")
    mail("line-ends/lf-multipart", "a multipart in LF", mixed(), lf, eol="\n")
    data = part(["Content-Type: application/octet-stream", "Content-Transfer-Encoding: binary"], b"a\nb\r\nc\rd\n")
    mail("line-ends/data", "binary data with each kind of line end", mixed(), multipart([HELLO, data]))
    data = part(["Content-Type: application/json"], b'{\n  "a": 1\n}\n')
    mail("line-ends/data-unlabelled", "a file with LF in a mail with CRLF", mixed(), multipart([HELLO, data]))


def eight_bit():
    mail("8-bit/utf-8", "UTF-8 labelled 8bit", text("utf-8", "8bit"), "Viele Grüße aus Köln\n")
    mail("8-bit/unlabelled", "UTF-8 without a transfer encoding", text("utf-8"), "Viele Grüße aus Köln\n")
    mail("8-bit/called-7bit", "UTF-8 labelled 7bit", text("utf-8", "7bit"), "Viele Grüße aus Köln\n")
    mail("8-bit/ascii-called-8bit", "ASCII labelled 8bit", text("us-ascii", "8bit"), "Nothing special.\n")
    mail("8-bit/no-type", "UTF-8 without a content type", [], "Viele Grüße aus Köln\n")
    mail("8-bit/no-type-latin", "octets without a content type", [], "Viele Grüße aus Köln\r\n".encode("latin-1"))
    mail("8-bit/no-utf-8", "octets that are not the UTF-8 they claim", text("utf-8", "8bit"), b"a \xff\xfe\xc3( b\r\n")
    mail("8-bit/html", "HTML in UTF-8", ["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit"],
         "<p>Viele Grüße aus Köln</p>\n")
    mail("8-bit/nul", "NUL in text", text("us-ascii"), b"a\0b\r\n\0\r\n")
    binary = ["Content-Type: application/octet-stream; name=all.bin", "Content-Transfer-Encoding: binary"]
    mail("8-bit/binary", "every octet, as binary", binary, ALL_OCTETS)
    eight = ["Content-Type: application/octet-stream; name=all.bin", "Content-Transfer-Encoding: 8bit"]
    mail("8-bit/binary-called-8bit", "every octet, labelled 8bit, beside text", mixed(), multipart([HELLO, part(eight, ALL_OCTETS)]))
    mail("8-bit/preamble", "8-bit before and after the parts", mixed(),
         multipart([HELLO], preamble="Für alte Programme\r\n".encode(), epilogue="\r\nSchöne Grüße\r\n".encode()))
    mail("8-bit/multipart-called-8bit", "a multipart labelled 8bit that is ASCII",
         mixed() + ["Content-Transfer-Encoding: 8bit"], multipart([HELLO]))
    mail("8-bit/subject", "octets in the header", ["X-Note: Grüße".encode("latin-1"), "Comments: schöne Grüße"] + text("us-ascii"), "Hello\n")
    raw = ['Content-Disposition: attachment; filename="Übersicht.txt"'.encode("latin-1")]
    mail("8-bit/file-name-latin", "octets in a file name", mixed(), multipart([HELLO, part(text("us-ascii") + raw, "a")]))
    raw = ['Content-Type: text/plain; name="Übersicht über alles.txt"', "Content-Disposition: attachment"]
    mail("8-bit/file-name-utf-8", "UTF-8 in a file name", mixed(), multipart([HELLO, part(raw, "a")]))


def long_lines():
    mail("long-lines/76", "76 characters", text("us-ascii"), "x" * 76 + "\n")
    mail("long-lines/77", "77 characters", text("us-ascii"), "x" * 77 + "\n")
    mail("long-lines/998", "998 characters", text("us-ascii"), "x" * 998 + "\n")
    mail("long-lines/2000", "2000 characters without a space", text("us-ascii"), "x" * 2000 + "\n")
    mail("long-lines/paragraphs", "a paragraph on each line", text("us-ascii"), f"{prose(600)}\n\n{prose(900)}\n")
    mail("long-lines/html", "HTML on one line", ["Content-Type: text/html; charset=us-ascii"], f"<p>{prose(3000)}</p>\n")
    fields = ["Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64"]
    mail("long-lines/base64", "base64 on one line", mixed(), multipart([HELLO, part(fields, base64.b64encode(ALL_OCTETS * 8))]))
    mail("long-lines/quoted-printable", "quoted-printable on one line", text("utf-8", "quoted-printable"), "=C3=BC " * 300 + "x\n")
    mail("long-lines/references", "a long field", ["References:" + "".join(
        f" <{i}@lists.example.org>" for i in range(80))] + text("us-ascii"), "Hello\n")
    name = "x" * 1200 + ".txt"
    mail("long-lines/file-name", "a long file name", mixed(),
         multipart([HELLO, part(text("us-ascii") + [f'Content-Disposition: attachment; filename="{name}"'], "a")]))
    delimiter = prose(74)[:74] + " --=_b text"
    mail("long-lines/boundary", "a line that would break before what looks like a delimiter", mixed(),
         multipart([HELLO, part(text("us-ascii"), delimiter)]))


def nested():
    html = part(["Content-Type: text/html; charset=us-ascii"], "<p>Hello Bob</p>")
    image = part(["Content-Type: image/png; name=dot.png", "Content-Transfer-Encoding: base64", "Content-ID: <dot@example.com>",
                  "Content-Disposition: inline; filename=dot.png"], b64(PNG))
    mail("nested/alternative", "text and HTML", mixed(subtype="alternative"), multipart([HELLO, html]))
    related = part(mixed("=_r", "related", "; type=text/html"), multipart([html, image], "=_r"))
    alternative = part(mixed("=_a", "alternative"), multipart([HELLO, related], "=_a"))
    file = part(["Content-Type: application/octet-stream; name=a.bin", "Content-Transfer-Encoding: base64"], b64(b"abc"))
    mail("nested/usual", "mixed, alternative, related", mixed(), multipart([alternative, file]))
    deep = part(text("utf-8", "8bit"), "Grüße von ganz unten")
    for level in range(12):
        deep = part(mixed(f"=_{level}"), multipart([HELLO, deep], f"=_{level}"))
    mail("nested/deep", "twelve levels, and 8-bit at the end", mixed("=_top"), multipart([deep], "=_top"))
    message = b"From: carol@example.org\r\nSubject: one of many\r\n\r\nText of Carol"
    mail("nested/digest", "a digest", mixed(subtype="digest"), multipart([b"\r\n" + message, b"\r\n" + message]))
    mail("nested/parallel", "parallel", mixed(subtype="parallel"), multipart([HELLO, HELLO]))
    mail("nested/one-part", "a multipart of one", mixed(), multipart([HELLO]))
    mail("nested/no-header", "parts without a header", mixed(), multipart([b"\r\nfirst", b"\r\nsecond"]))
    mail("nested/padding", "white space after the delimiters", mixed(),
         multipart([HELLO, HELLO]).replace(b"--=_b\r\n", b"--=_b \t\r\n"))
    mail("nested/preamble", "a preamble and an epilogue", mixed(),
         multipart([HELLO], preamble=b"This is a multipart.\r\n\r\n", epilogue=b"\r\nThat was it.\r\n"))
    odd = "'()+_,-./:=? x"
    mail("nested/odd-boundary", "every character that a boundary may have", mixed(odd), multipart([HELLO], odd))
    mail("nested/prefix", "a boundary that begins as another", mixed("a"),
         multipart([part(mixed("ab"), multipart([HELLO], "ab")), HELLO], "a"))
    mail("nested/8-bit-inside", "8-bit in one of many parts", mixed(),
         multipart([HELLO, part(text("utf-8", "8bit"), "Viele Grüße von hier"), HELLO]))
    mail("nested/form-data", "another kind of multipart", mixed(subtype="x-unknown"), multipart([HELLO, html]))


def flowed():
    flowed_text = "> > Alice wrote \n> > this, and it goes on \n> > here.\n> Bob answered.\n\nThis line flows \ninto the next.\n-- \nAlice\n"
    mail("flowed/plain", "format=flowed", text("us-ascii", format="flowed"), flowed_text)
    mail("flowed/delsp", "format=flowed with DelSp", text("us-ascii", format="flowed", delsp="yes"), "This goes  \non with  \none space.\n")
    mail("flowed/utf-8", "format=flowed in UTF-8", text("utf-8", "8bit", format="flowed"), "Schöne Grüße \nund bis bald.\n")
    mail("flowed/stuffed", "space-stuffed lines", text("us-ascii", format="flowed"), " From here \n > not quoted\n  two spaces\n")
    mail("flowed/quoted-printable", "flowed and quoted-printable", text("utf-8", "quoted-printable", format="flowed"), "Sch=C3=B6n=20\nund gut.\n")


def calendar():
    def event(method, extra=""):
        return ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Mails//EN\n" + f"METHOD:{method}\n"
                "BEGIN:VEVENT\nUID:1@example.com\nDTSTAMP:20260101T120000Z\nDTSTART:20260201T090000Z\n"
                "DTEND:20260201T100000Z\nSUMMARY:Tea\nORGANIZER:mailto:alice@example.com\n"
                f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.net\n{extra}END:VEVENT\nEND:VCALENDAR\n")

    def calendar_type(method, charset="utf-8"):
        return [f"Content-Type: text/calendar; charset={charset}; method={method}"]

    for method in ["REQUEST", "REPLY", "CANCEL"]:
        mail(f"calendar/{method.lower()}", f"an invitation: {method}", mixed(subtype="alternative"),
             multipart([HELLO, part(calendar_type(method), event(method))]))
    mail("calendar/alone", "an invitation alone", calendar_type("REQUEST"), event("REQUEST"))
    long = "DESCRIPTION:" + prose(60)[:60] + "\n  und Grüße\\, " + prose(50)[:50] + "\n"
    mail("calendar/8-bit", "an invitation with folded lines in UTF-8", calendar_type("REQUEST") + ["Content-Transfer-Encoding: 8bit"],
         event("REQUEST", long))
    attached = ["Content-Type: application/ics; name=tea.ics", "Content-Disposition: attachment; filename=tea.ics",
                "Content-Transfer-Encoding: base64"]
    mail("calendar/attached", "an invitation as text and as a file", mixed(),
         multipart([HELLO, part(calendar_type("PUBLISH"), event("PUBLISH")), part(attached, b64(event("PUBLISH").encode()))]))
    mail("calendar/card", "a contact", mixed(), multipart([HELLO, part(
        ["Content-Type: text/vcard; charset=utf-8; name=alice.vcf"],
        "BEGIN:VCARD\nVERSION:4.0\nFN:Älice\nEMAIL:alice@example.com\nEND:VCARD\n")]))


def attachments():
    def file(name, data, kind="application/octet-stream"):
        return part([f"Content-Type: {kind}; name=\"{name}\"", "Content-Transfer-Encoding: base64",
                     f"Content-Disposition: attachment; filename=\"{name}\""], b64(data))
    mail("attachments/thirty", "thirty attachments", mixed(),
         multipart([HELLO] + [file(f"file-{i}.bin", ALL_OCTETS[i:i * 3]) for i in range(30)]))
    mail("attachments/empty", "an attachment without a byte", mixed(), multipart([HELLO, file("nothing.txt", b"")]))
    mail("attachments/one", "one attachment and no text", ["Content-Type: application/pdf; name=a.pdf",
         "Content-Disposition: attachment; filename=a.pdf", "Content-Transfer-Encoding: base64"], b64(b"%PDF-1.4\n" + ALL_OCTETS))
    mail("attachments/same-names", "two of the same name", mixed(), multipart([file("a.txt", b"1"), file("a.txt", b"2")]))
    mail("attachments/large", "an attachment of 30 kB", mixed(), multipart([HELLO, file("large.bin", ALL_OCTETS * 120)]))
    mail("attachments/columns", "base64 in columns of 60", mixed(), multipart([HELLO, part(
        ["Content-Type: image/png", "Content-Transfer-Encoding: BASE64"], b64(PNG, 60))]))
    mail("attachments/csv", "a table", mixed(), multipart([HELLO, part(
        ["Content-Type: text/csv; charset=utf-8; header=present", "Content-Disposition: attachment; filename=t.csv"],
        "name,sum\nMüller,12.50\nSchröder,0.99 \n")]))
    mail("attachments/patch", "a patch, in which white space matters", mixed(), multipart([HELLO, part(
        ["Content-Type: text/x-patch", "Content-Disposition: attachment; filename=a.patch"],
        "From 0123 Mon Sep 17 00:00:00 2001\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n \n-a \n+a\n \n-- \n2.39\n")]))
    uu = part(["Content-Type: application/octet-stream", "Content-Transfer-Encoding: x-uuencode"],
              "begin 644 cat.txt\n#0V%T\n`\nend\n")
    mail("attachments/uuencode", "an encoding of old", mixed(), multipart([HELLO, uu]))
    mail("attachments/quoted-printable", "data as quoted-printable", mixed(), multipart([HELLO, part(
        ["Content-Type: application/octet-stream", "Content-Transfer-Encoding: quoted-printable"],
        "=\n".join("".join(f"={octet:02X}" for octet in ALL_OCTETS[i:i + 24]) for i in range(0, 256, 24)))]))


def empty():
    mail("empty/body", "no body", text("us-ascii"), "")
    write("empty/no-empty-line", b"From: alice@example.com\r\nTo: bob@example.net\r\nSubject: the header never ends\r\n")
    mail("empty/lines", "nothing but line ends", text("us-ascii"), "\n\n\n\n")
    mail("empty/spaces", "nothing but white space", text("us-ascii"), "  \n\t\n ")
    mail("empty/html", "empty HTML", ["Content-Type: text/html; charset=utf-8"], "")
    mail("empty/parts", "empty parts", mixed(), multipart([b"", b"", HELLO]))
    mail("empty/part-bodies", "parts without a body", mixed(), multipart([b"Content-Type: text/plain\r\n\r\n", HELLO]))
    mail("empty/base64", "base64 of nothing", text("utf-8", "base64"), "")
    mail("empty/type", "a content type without a value", ["Content-Type:"], "Text all the same.\n")
    write("empty/no-mime", b"From: alice@example.com\r\nSubject: no MIME at all\r\n\r\nHello Bob\r\n")


CHARSETS = {
    "us-ascii": "Plain old text.",
    "utf-8": "Grüße, поздрави, 挨拶, €, 🙂",
    "iso-8859-1": "Viele Grüße, señor, ça va?",
    "iso-8859-2": "Příliš žluťoučký kůň",
    "iso-8859-3": "Ĉiuj ĝojas kaj ŝercas",
    "iso-8859-4": "Sveiki, labdien un ļoti labi",
    "iso-8859-5": "Добрый день, как дела",
    "iso-8859-6": "مرحبا بكم",
    "iso-8859-7": "Καλημέρα σε όλους",
    "iso-8859-8": "שלום לכולם",
    "iso-8859-9": "Günaydın, nasılsınız, şey",
    "iso-8859-10": "Góðan daginn, ūdens",
    "iso-8859-11": "สวัสดีครับ",
    "iso-8859-13": "Labas rytas, ąžuolas žalias",
    "iso-8859-14": "Dia dhuit, ẁ ŵ",
    "iso-8859-15": "Œuvre à 5 €",
    "iso-8859-16": "Bună ziua, își spun",
    "windows-1250": "Dzień dobry, źdźbło",
    "windows-1251": "Добрый вечер, «привет»",
    "windows-1252": "“Quotes” – and 5 €",
    "windows-1253": "Καλησπέρα – €",
    "windows-1254": "İyi akşamlar – ğ",
    "windows-1255": "ערב טוב – ₪",
    "windows-1256": "مساء الخير – €",
    "windows-1257": "Labvakar – šķūnis",
    "windows-1258": "Chào các – ₫",
    "koi8-r": "Доброе утро",
    "koi8-u": "Добрий ранок, їжак",
    "shift_jis": "おはようございます、山田さん",
    "iso-2022-jp": "こんにちは、世界",
    "euc-jp": "こんばんは、皆さん",
    "euc-kr": "안녕하세요 여러분",
    "iso-2022-kr": "안녕히 가세요",
    "gb2312": "你好，早上好",
    "gbk": "你好，晚上好",
    "gb18030": "你好，世界 €",
    "hz-gb-2312": "你好，朋友",
    "big5": "你好，大家早安",
    "tis-620": "สวัสดีตอนเช้า",
    "macintosh": "Grüße vom Äpfelchen",
    "ibm850": "Grüße aus der Konsole",
    "ibm866": "Привет из консоли",
    "utf-7": "Grüße + 挨拶",
    "utf-16": "Grüße 挨拶\nzweite Zeile",
    "utf-16le": "Grüße 挨拶",
    "utf-16be": "Grüße 挨拶",
    "utf-32": "Grüße 挨拶",
}
CODECS = {"macintosh": "mac_roman", "ibm850": "cp850", "ibm866": "cp866", "hz-gb-2312": "hz", "utf-16": "utf_16"}


def charsets():
    for charset, words in CHARSETS.items():
        data = (words + "\r\n").encode(CODECS.get(charset, charset))
        if charset == "utf-16":
            data = b"\xff\xfe" + (words + "\r\n").encode("utf-16le")
        if charset == "utf-32":
            data = (words + "\r\n").encode("utf-32-be")
        encoding = "8bit" if max(data) > 127 else None
        is_wide = charset.startswith(("utf-16", "utf-32"))
        mail(f"charsets/{charset}", f"text in {charset}", text(charset, "binary" if is_wide else encoding), data)
    grüße = "Viele Grüße aus Köln\r\n"
    mail("charsets/unknown", "a charset nobody knows", text("x-nobody-knows", "8bit"), grüße.encode("latin-1"))
    mail("charsets/quoted-label", "a label with quotes and spaces", text('" ISO-8859-1 "', "8bit"), grüße.encode("latin-1"))
    mail("charsets/wrong-label", "Windows-1252 called ISO-8859-1", text("iso-8859-1", "8bit"), "“Quotes” – 5 €\r\n".encode("cp1252"))
    mail("charsets/quoted-printable", "UTF-8 as quoted-printable", text("utf-8", "quoted-printable"), quopri.encodestring(grüße.encode()))
    mail("charsets/base64", "Shift_JIS as base64", text("shift_jis", "base64"), b64("おはよう\r\n".encode("shift_jis")))
    mail("charsets/utf-16-base64", "UTF-16 as base64", text("utf-16", "base64"), b64("Grüße\r\n".encode("utf-16")))
    mail("charsets/two", "two charsets in one mail", mixed(), multipart([
        part(text("iso-8859-2", "8bit"), "Příliš".encode("iso-8859-2")), part(text("koi8-r", "8bit"), "Привет".encode("koi8-r"))]))
    everywhere()
    (HERE / "charsets.json").write_text(json.dumps(CHARSETS, ensure_ascii=False, indent=2) + "\n")


def everywhere():
    """Each charset in a name of the header, in HTML, and in two file names."""
    recipients, parts = [], []
    for charset, words in CHARSETS.items():
        words = words.replace("\n", " ")
        data = words.encode(CODECS.get(charset, charset))
        encoded_word = f"=?{charset}?B?{base64.b64encode(data).decode()}?="
        recipients.append(f"{encoded_word} <{charset}@example.net>")
        html = f"<p>{words}</p>".encode(CODECS.get(charset, charset))
        parts.append(part([f"Content-Type: text/html; charset={charset}", "Content-Transfer-Encoding: base64"], b64(html)))
        escaped = "".join(f"%{octet:02X}" for octet in data)
        for parameter in [f"filename*={charset}''{escaped}", f'filename="{encoded_word}"']:
            parts.append(part(["Content-Type: application/octet-stream", f"Content-Disposition: attachment;\r\n {parameter}"], "a"))
    mail("charsets/everywhere", "every charset, in names, HTML and file names",
         ["Cc: " + ",\r\n ".join(recipients)] + mixed(), multipart(parts))


def headers():
    hello = text("us-ascii")
    mail("headers/folded", "a\r\n field on\r\n\tthree lines", hello, "Hello\n")
    mail("headers/encoded-words", "=?utf-8?Q?Viele_Gr=C3=BC=C3=9Fe?= =?iso-8859-1?B?YXVzIEv2bG4=?=", hello, "Hello\n")
    mail("headers/encoded-words-folded", "=?utf-8?B?w4TDlsOc?=\r\n =?utf-8?B?w6TDtsO8?=\r\n plain", hello, "Hello\n")
    mail("headers/encoded-word-unknown", "=?x-nobody-knows?Q?Gr=FC=DFe?=", hello, "Hello\n")
    mail("headers/encoded-word-broken", "=?utf-8?Q?never ended", hello, "Hello\n")
    mail("headers/encoded-word-split", "=?utf-8?Q?=C3?= =?utf-8?Q?=BC?= one character in two words", hello, "Hello\n")
    mail("headers/language", "=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", hello, "Hello\n")
    mail("headers/no-space", "no space after the colon", ["X-A:b", "X-B :c"] + hello, "Hello\n")
    mail("headers/empty-fields", "empty fields", ["X-A:", "X-B: ", "X-C:\r\n x"] + hello, "Hello\n")
    mail("headers/many", "two hundred fields", [f"X-Field-{i}: {i}" for i in range(200)] + hello, "Hello\n")
    mail("headers/white-space", "white space at the end of content fields ",
         ["Content-Type: text/plain; \r\n\tcharset=us-ascii ", "Content-Description: a \t"], "Hello\n")
    mail("headers/comments", "comments in a content field", ["Content-Type: text/plain (a (b) \\) c); charset=us-ascii (d)"], "Hello\n")
    mail("headers/capitals", "names in capitals", ["CONTENT-TYPE: TEXT/PLAIN; CHARSET=US-ASCII", "CONTENT-TRANSFER-ENCODING: 7BIT"], "Hello\n")
    mail("headers/content-first", "content fields between others", hello + ["X-A: b", "Content-Language: en", "X-C: d"], "Hello\n")
    mail("headers/tracing", "what a mail has on arrival", [
        "Received: from a.example.com (a.example.com [192.0.2.1])\r\n\tby b.example.net with ESMTPS id 1",
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh=AAAA; b=BBBB",
        "Return-Path: <alice@example.com>", "List-Id: A list <a.lists.example.org>",
        "List-Unsubscribe: <https://lists.example.org/u?x=y>"] + hello, "Hello\n")
    write("headers/mbox", b"From alice@example.com Thu Jan  1 00:00:00 2026\nFrom: Alice <alice@example.com>\n"
          b"Subject: a line that is no field before the first\n\nHello\n")

    def named(name, why, *parameters):
        mail(f"headers/{name}", why, mixed(), multipart([HELLO, part(
            hello + ["Content-Disposition: attachment;\r\n " + ";\r\n ".join(parameters)], "a")]))
    named("parameter-quoted", "a file name with quotes", 'filename="a \\"b\\" \\\\ c; d.txt"')
    named("parameter-extended", "an extended parameter", "filename*=utf-8''%C3%9Cbersicht.txt")
    named("parameter-charset", "an extended parameter in KOI8-R", "filename*=koi8-r'ru'%F0%D2%C9.txt")
    named("parameter-sections", "a parameter in sections", 'filename*0="a long "', 'filename*1="file "', 'filename*2="name.txt"')
    named("parameter-mixed", "sections, some of them encoded", "filename*0*=utf-8''%C3%9Cber", 'filename*1="sicht.txt"')
    named("parameter-encoded-word", "an encoded word in a parameter", 'filename="=?utf-8?Q?=C3=9Cbersicht=2Etxt?="')
    named("parameter-bare", "a file name without quotes", "filename=a.b-c_d.txt")


def addresses():
    hello = text("utf-8")
    def to(name, why, *fields):
        mail(f"addresses/{name}", why, list(fields) + hello, "Hello\n")
    to("smtputf8", "an address outside ASCII", "Cc: Jürgen <jürgen@exämple.example>")
    to("smtputf8-encoded-name", "an encoded name before an address outside ASCII", "Cc: =?utf-8?Q?J=C3=BCrgen?= <用户@例子.example>")
    to("idn", "a host as an A-label", "Cc: info@xn--exmple-cua.example")
    to("group", "groups", "Cc: The team: carol@example.org, \"D, E\" <d@example.org>;", "Reply-To: undisclosed-recipients:;")
    to("quoted", "quoted local parts", "Cc: \"a b\"@example.org, <\"c\\\"d\"@example.org>")
    to("comments", "comments among addresses", "Cc: (who) carol@example.org (that is \\) her)")
    to("many", "sixty recipients", "Cc: " + ",\r\n ".join(f"Person {i} <p{i}@example.org>" for i in range(60)))
    to("names", "names with special characters", "Cc: \"Müller, Jörg (Einkauf)\" <j@example.org>, O'Neil <o@example.org>")
    to("empty", "an empty recipient field", "Cc:", "Bcc: ")


def from_lines():
    mail("from-lines/start", "a line that begins with From", text("us-ascii"), "Hello,\n\nFrom now on it is so.\nFrom me.\n")
    mail("from-lines/first", "the first line begins with From", text("us-ascii"), "From now on.\n")
    mail("from-lines/escaped", "a line that was escaped before", text("us-ascii"), ">From now on.\nFrom here\n")
    mail("from-lines/quoted-printable", "From in quoted-printable", text("utf-8", "quoted-printable"), "From K=C3=B6ln\n")
    mail("from-lines/html", "From in HTML", ["Content-Type: text/html; charset=us-ascii"], "<p>\nFrom here\n</p>\n")
    mail("from-lines/break", "From where a long line is broken", text("utf-8", "8bit"), "x" * 75 + "From ü " + "y" * 80 + "\n")
    mail("from-lines/part", "From in a part", mixed(), multipart([HELLO, part(text("us-ascii"), "\nFrom a part")]))
    mail("from-lines/no-space", "Fromage and From: are harmless", text("us-ascii"), "Fromage\nFrom: x\n from x\n")


def dots():
    mail("dots/alone", "a dot alone", text("us-ascii"), "one\n.\ntwo\n")
    mail("dots/start", "lines that begin with dots", text("us-ascii"), ".a\n..b\n...\n")
    mail("dots/last", "a dot as the last line", text("us-ascii"), "one\n.")
    mail("dots/quoted-printable", "dots in quoted-printable", text("utf-8", "quoted-printable"), ".=C3=BC\n.\n=\n.\n")
    mail("dots/break", "a dot where a long line is broken", text("utf-8", "8bit"), "x" * 75 + ".ü" + "y" * 80 + "\n")
    mail("dots/part", "a dot in an attachment", mixed(), multipart([HELLO, part(["Content-Type: text/x-roff"], ".TH A 1\n.SH B\n.")]))


def trailing():
    mail("trailing-space/spaces", "spaces at the end of lines", text("us-ascii"), "one  \ntwo \n\nthree\n")
    mail("trailing-space/tabs", "tabs at the end of lines", text("us-ascii"), "one\t\ntwo \t \n")
    mail("trailing-space/lines", "lines of white space alone", text("us-ascii"), "one\n   \n\t\ntwo\n")
    mail("trailing-space/last", "a space as the last octet", text("us-ascii"), "one\ntwo ")
    mail("trailing-space/signature", "the separator of a signature", text("us-ascii"), "Hello\n\n-- \nAlice\n")
    mail("trailing-space/quoted-printable", "white space that was added on the way", text("utf-8", "quoted-printable"), "a=C3=BC  \nb=  \nc\n")
    mail("trailing-space/base64", "white space in base64", text("utf-8", "base64"), "R3LDvMOf \nZQ0K\t\n")
    mail("trailing-space/markdown", "two spaces that mean a line end", ["Content-Type: text/markdown; charset=utf-8"], "# Grüße  \nzweite Zeile  \n")


def html():
    kind = ["Content-Type: text/html; charset=utf-8"]
    mail("html/plain", "HTML alone", kind, "<!DOCTYPE html>\n<html><body><p>Hello</p></body></html>\n")
    mail("html/styled", "HTML with a style sheet", kind, "<style>\n.a { color: red }\n</style>\n<p class=a>Hello</p>\n")
    mail("html/entities", "entities and octets", kind + ["Content-Transfer-Encoding: 8bit"], "<p>Gr&uuml;&szlig;e, Grüße &amp; &#8364;</p>\n")
    mail("html/meta", "HTML that names another charset", kind + ["Content-Transfer-Encoding: 8bit"],
         "<meta charset=iso-8859-1><p>Grüße</p>\n")
    mail("html/remote", "HTML with a remote image", kind, "<img src=\"https://example.org/pixel.gif\">\n")
    image = part(["Content-Type: image/png", "Content-Transfer-Encoding: base64", "Content-ID: <dot@example.com>",
                  "Content-Disposition: inline"], b64(PNG))
    page = part(kind, "<p><img src=\"cid:dot@example.com\"></p>")
    mail("inline-images/related", "an image in HTML", mixed(subtype="related", extra="; type=text/html"), multipart([page, image]))
    two = image.replace(b"dot@", b"two@")
    mail("inline-images/two", "two images", mixed(subtype="related"), multipart([page, image, two]))
    mail("inline-images/mixed", "an image shown after the text", mixed(), multipart([HELLO, image]))
    located = part(["Content-Type: image/png", "Content-Transfer-Encoding: base64",
                    "Content-Location: https://example.org/dot.png"], b64(PNG))
    mail("inline-images/location", "an image by its location", mixed(subtype="related"), multipart([page, located]))
    raw = part(["Content-Type: image/png; name=dot.png", "Content-Transfer-Encoding: binary", "Content-ID: <dot@example.com>"], PNG)
    mail("inline-images/binary", "an image as binary", mixed(subtype="related"), multipart([page, raw]))
    mail("inline-images/svg", "an image that is text", mixed(subtype="related"), multipart([page, part(
        ["Content-Type: image/svg+xml; charset=utf-8", "Content-ID: <dot@example.com>"],
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>Grüße</text></svg>\n")]))


SIGNED = (b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="=_s"\r\n\r\n'
          b"--=_s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xc3\xbc\xc3\x9fe \r\n"
          b"--=_s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
          b"MIAGCSqGSIb3DQEHAqCAMIACAQExADCABgkqhkiG9w0BBwEAADEAAAAAAAAA\r\n--=_s--\r\n")


def messages():
    def forwarded(name, why, inner, *fields, kind="message/rfc822"):
        mail(f"messages/{name}", why, mixed(), multipart([HELLO, part([f"Content-Type: {kind}"] + list(fields), inner)]))
    head = b"From: Carol <carol@example.org>\r\nTo: alice@example.com\r\nSubject: Tea\r\nMIME-Version: 1.0\r\n"
    plain = head + b"Content-Type: text/plain; charset=us-ascii\r\n\r\nWould you like some tea?\r\n"
    eight = head + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nMöchtest du Tee?\r\n".encode()
    forwarded("plain", "a forwarded mail", plain)
    forwarded("8-bit", "a forwarded mail in 8 bits", eight, "Content-Transfer-Encoding: 8bit")
    forwarded("8-bit-header", "a forwarded mail with 8 bits in its header",
              plain.replace(b"Carol", "Cärol".encode()).replace(b"Subject: Tea", "Subject: Grüner Tee".encode()))
    forwarded("smtputf8", "a forwarded mail from an address outside ASCII", plain.replace(b"carol@", "cärol@".encode()), kind="message/global")
    forwarded("base64", "a forwarded mail in base64, which is not allowed and happens", b64(eight), "Content-Transfer-Encoding: base64")
    forwarded("in-a-mail", "a forwarded mail in a forwarded mail",
              head + b"Content-Type: message/rfc822\r\n\r\n" + eight, "Content-Transfer-Encoding: 8bit")
    forwarded("header-only", "the header of a mail", head, kind="text/rfc822-headers")
    forwarded("multipart", "a forwarded multipart", head + b'Content-Type: multipart/mixed; boundary="=_i"\r\n\r\n' +
              multipart([HELLO, part(text("utf-8", "8bit"), "Grüße")], "=_i"))
    forwarded("external", "a file that is elsewhere", b"Content-Type: image/gif\r\nContent-ID: <1@example.com>\r\n\r\n",
              kind='message/external-body; access-type=URL; URL="https://example.org/a.gif"')
    mail("messages/alone", "a forwarded mail and nothing else", ["Content-Type: message/rfc822"], plain)

    def report(name, kind, first, second):
        mail(f"reports/{name}", f"a report: {kind}", mixed(subtype="report", extra=f"; report-type={kind}"),
             multipart([part(text("utf-8", "8bit"), first), part([f"Content-Type: message/{kind}"], second), part(
                 ["Content-Type: message/rfc822"], plain)]))
    report("delivery", "delivery-status", "Nicht zustellbar: Postfach voll\n",
           "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.2.2\n")
    report("disposition", "disposition-notification", "Gelesen.\n",
           "Reporting-UA: example; mailer\nFinal-Recipient: rfc822; bob@example.net\nDisposition: manual-action/MDN-sent-manually; displayed\n")
    report("feedback", "feedback-report", "Beschwerde über eine Mail\n", "Feedback-Type: abuse\nUser-Agent: example/1\nVersion: 1\n")
    report("global", "global-delivery-status", "Unzustellbar.\n",
           "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: utf-8; jürgen@example.net\nAction: failed\nStatus: 5.1.1\n")

    tnef = bytes.fromhex("789f3e22") + bytes(range(1, 120))
    winmail = part(["Content-Type: application/ms-tnef; name=winmail.dat", "Content-Transfer-Encoding: base64",
                    "Content-Disposition: attachment; filename=winmail.dat"], b64(tnef))
    mail("winmail/beside-text", "winmail.dat beside text", mixed(), multipart([HELLO, winmail]))
    mail("winmail/alone", "winmail.dat alone", ["Content-Type: application/ms-tnef; name=winmail.dat",
         "Content-Transfer-Encoding: base64"], b64(tnef))

    pgp = ('Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="=_p"\r\n\r\n--=_p\r\n'
           "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--=_p\r\nContent-Type: application/octet-stream\r\n\r\n"
           "-----BEGIN PGP MESSAGE-----\r\n\r\nAAAA\r\n=AAAA\r\n-----END PGP MESSAGE-----\r\n--=_p--\r\n").encode()
    opaque = part(["Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
                   "Content-Transfer-Encoding: base64"], "MIAGCSqGSIb3DQEHAqCAMIACAQExADCABgkqhkiG9w0BBwEAADEAAAAAAAAA\n")
    mail("sealed/signed", "signed before, in 7 bits", [], SIGNED.replace(b"Gr\xc3\xbc\xc3\x9fe \r\n", b"Hello\r\n"))
    fix("sealed/signed")
    mail("sealed/signed-inside", "a signature inside, beside what is 8-bit", mixed(),
         multipart([part(text("utf-8", "8bit"), "Viele Grüße dazu"), SIGNED.replace(b"Gr\xc3\xbc\xc3\x9fe \r\n", b"Hello\r\n")]))
    mail("sealed/opaque-inside", "an opaque signature inside", mixed(), multipart([part(text("us-ascii"), "."), opaque]))
    mail("sealed/pgp-inside", "PGP inside", mixed(), multipart([HELLO, pgp]))
    mail("sealed/forwarded", "a forwarded mail that is signed", mixed(), multipart([
        part(text("utf-8", "8bit"), "Grüße"), part(["Content-Type: message/rfc822"], head + SIGNED.replace(b"Gr\xc3\xbc\xc3\x9fe ", b"Hello"))]))


def fix(name):
    """The content fields stand in the body: they belong to the header."""
    path = HERE / f"{name}.eml"
    path.write_bytes(path.read_bytes().replace(b"MIME-Version: 1.0\r\n\r\n", b"MIME-Version: 1.0\r\n", 1))


for folder in HERE.iterdir():
    if folder.is_dir():
        shutil.rmtree(folder)
for make in [line_ends, eight_bit, long_lines, nested, flowed, calendar, attachments, empty, charsets, headers, addresses,
             from_lines, dots, trailing, html, messages]:
    make()
print(len(list(HERE.glob("*/*.eml"))), "mails")
