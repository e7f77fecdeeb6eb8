#!/bin/sh
# Makes the sample mailbox: a demo PKI and the mails that are signed and encrypted with it.
#
# Needs OpenSSL 3.0 or newer. Run once by hand; the results are committed, the keys outside the .p12
# files are not kept. Running it again makes new keys, so commit all files together:
#
#   cd www/app/samples && ./make.sh
#
# index.json says whose each mail is and what it should show; tests/browser/demo.test.mjs holds it.
set -eu
cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# ---- The demo PKI ------------------------------------------------------------------------------

cat >ca.cnf <<'CNF'
[ca]
default_ca = this
[this]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
copy_extensions = none
[any]
countryName = optional
organizationName = optional
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
CN = set by -subj
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[person]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = emailProtection
subjectAltName = email:$ENV::ADDRESS
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
: >index.txt
export ADDRESS=nobody@example.org

# key NAME SUBJECT: a new RSA key and a request for it.
key() {
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key" 2>/dev/null
  openssl req -new -utf8 -config ca.cnf -key "$1.key" -subj "$2" -out "$1.csr"
}

# issue NAME EXTENSIONS FROM TO ISSUER...: the certificate for a request. Serial numbers are random.
issue() {
  name=$1 extensions=$2 from=$3 to=$4
  shift 4
  openssl rand -hex 16 | sed 's/^./4/' >serial
  openssl ca -batch -notext -config ca.cnf -extensions "$extensions" -preserveDN \
    -startdate "$from" -enddate "$to" -in "$name.csr" -out "$name.pem" "$@" 2>/dev/null
}

# The CAs are older than everything they certified.
ca_start=20180101000000Z
start=20240101000000Z
end=20540101000000Z

key root '/C=DE/O=smime-wasm demo/CN=Demo Root CA'
issue root root $ca_start $end -selfsign -keyfile root.key
key issuing '/C=DE/O=smime-wasm demo/CN=Demo Issuing CA'
issue issuing issuing $ca_start $end -cert root.pem -keyfile root.key

key erika '/C=DE/O=Musterfirma GmbH/CN=Erika Mustermann'
ADDRESS=erika@example.com issue erika person $start $end -cert issuing.pem -keyfile issuing.key
# Her key of before: old mail needs it.
key erika-2023 '/C=DE/O=Musterfirma GmbH/CN=Erika Mustermann'
ADDRESS=erika@example.com issue erika-2023 person 20200101000000Z 20240101000000Z \
  -cert issuing.pem -keyfile issuing.key
key max '/C=DE/O=Müller \& Söhne KG/CN=Max Muster'
ADDRESS=max@example.net issue max person $start $end -cert issuing.pem -keyfile issuing.key
key max-2019 '/C=DE/O=Müller \& Söhne KG/CN=Max Muster'
ADDRESS=max@example.net issue max-2019 person 20190101000000Z 20220101000000Z \
  -cert issuing.pem -keyfile issuing.key
# The mailbox that both share, and the archive that Erika's company keeps mail readable with.
key projekt '/C=DE/O=Musterfirma GmbH/CN=Projekt-Postfach'
ADDRESS=projekt@example.com issue projekt person $start $end -cert issuing.pem -keyfile issuing.key
key archiv '/C=DE/O=Musterfirma GmbH/CN=Mailarchiv'
ADDRESS=archiv@example.com issue archiv person $start $end -cert issuing.pem -keyfile issuing.key

# A CA the demo does not trust, and a person it certified.
key other '/C=DE/O=Some other place/CN=Other Root CA'
issue other root $ca_start $end -selfsign -keyfile other.key
key liese '/C=DE/CN=Liese Müller'
ADDRESS=liese@example.org issue liese person $start $end -cert other.pem -keyfile other.key

for person in erika erika-2023 max projekt archiv; do
  openssl pkcs12 -export -name "$person" -inkey $person.key -in $person.pem -certfile issuing.pem \
    -passout pass:demo -out "$here/$person.p12"
done
chmod 644 "$here"/*.p12
cp archiv.pem "$here/archiv.pem"
cp root.pem "$here/demo-root-ca.pem"
cp other.pem "$here/other-root-ca.pem"

# ---- The mails ---------------------------------------------------------------------------------

cat >angebot.pdf <<'PDF'
%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 420 298] /Contents 4 0 R
  /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >> endobj
4 0 obj << /Length 74 >> stream
BT /F1 20 Tf 40 230 Td (Angebot 2024-117) Tj 0 -40 Td (1.500,00 EUR) Tj ET
endstream endobj
trailer << /Root 1 0 R >>
%%EOF
PDF

# text FILE: a text/plain entity of standard input, quoted-printable, CRLF.
text() {
  {
    printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n'
    perl -MMIME::QuotedPrint -0777 -ne 'print encode_qp($_)'
  } | perl -pe 's/\r?\n/\r\n/' >"$1"
}

# with_pdf TEXT FILE: a multipart/mixed entity of a text entity and the offer.
with_pdf() {
  {
    printf 'Content-Type: multipart/mixed; boundary="=_parts"\r\n\r\n--=_parts\r\n'
    cat "$1"
    printf '\r\n--=_parts\r\nContent-Type: application/pdf; name="Angebot.pdf"\r\n'
    printf 'Content-Disposition: attachment; filename="Angebot.pdf"\r\n'
    printf 'Content-Transfer-Encoding: base64\r\n\r\n'
    openssl base64 -in angebot.pdf | perl -pe 's/\n/\r\n/'
    printf -- '--=_parts--\r\n'
  } >"$2"
}

word() { printf '=?UTF-8?B?%s?=' "$(printf %s "$1" | openssl base64 -A)"; }

# ago MINUTES: a Date. OpenSSL signs as of now, and a Date far from the signing time is held against a
# signature.
ago() { LC_ALL=C date -R -d "-$1 minutes"; }

# mail ID DATE FROM SUBJECT BODY: the header fields of a mail before an entity, CRLF. It is to Erika, or to $recipient.
mail() {
  {
    printf 'From: %s\r\nTo: %s\r\n' "$3" "${recipient:-$erika}"
    printf 'Subject: %s\r\nDate: %s\r\n' "$(word "$4")" "$2"
    printf 'Message-ID: <%s@samples.smime-wasm.example>\r\n' "$1"
    case $(head -c 5 "$5") in MIME-) ;; *) printf 'MIME-Version: 1.0\r\n' ;; esac
    cat "$5"
  } | perl -pe 's/\r?\n/\r\n/' >"$here/$1.eml"
}

erika='Erika Mustermann <erika@example.com>'
max='Max Muster <max@example.net>'
sign() { openssl cms -sign -binary -crlfeol -md sha256 "$@"; }
by_max='-signer max.pem -inkey max.key -certfile issuing.pem'
encrypt() { openssl cms -encrypt -binary -crlfeol "$@"; }

# Not protected at all.
text plain.txt <<'END'
Guten Tag Frau Mustermann,

willkommen im Beispielpostfach! Jede dieser Mails zeigt einen Fall, den es im
echten Leben gibt. Diese hier ist weder signiert noch verschlüsselt.

Welcome to the sample mailbox! Each of these mails shows a case from real life.
This one is neither signed nor encrypted.

Schöne Grüße
Max Muster
END
mail plain "$(ago 0)" "$max" 'Willkommen – hier gibt es viel zu öffnen' plain.txt

# Detached signature (multipart/signed), with an attachment.
text signed.txt <<'END'
Guten Tag Frau Mustermann,

anbei unser Angebot über 1.500,00 € für die Tür in der Müllerstraße.
Die Signatur zeigt, dass es von mir kommt und unverändert ist.

Schöne Grüße
Max Muster
END
with_pdf signed.txt signed.mime
sign -in signed.mime $by_max -out signed.smime
mail signed "$(ago 4)" "$max" 'Angebot für die Tür in der Müllerstraße' signed.smime

# Opaque signature (application/pkcs7-mime; smime-type=signed-data).
text opaque.txt <<'END'
Guten Tag Frau Mustermann,

der Liefertermin ist Donnerstag, 20. Juni. Bei dieser Form der Signatur liegt
der Text im Innern der signierten Daten; Programme ohne S/MIME zeigen ihn nicht.

Schöne Grüße
Max Muster
END
sign -nodetach -in opaque.txt $by_max -out opaque.smime
mail opaque "$(ago 8)" "$max" 'Liefertermin bestätigt' opaque.smime

# EnvelopedData, AES-256-CBC, RSA PKCS#1 v1.5.
text encrypted.txt <<'END'
Guten Tag Frau Mustermann,

der Türcode für die Baustelle lautet 4711. Diese Mail ist verschlüsselt, aber
nicht signiert: Niemand konnte sie lesen, doch wer sie schrieb, ist nicht belegt.

Schöne Grüße
Max Muster
END
encrypt -aes-256-cbc -in encrypted.txt -out encrypted.smime erika.pem
mail encrypted "$(ago 12)" "$max" 'Türcode (vertraulich)' encrypted.smime

# AuthEnvelopedData, AES-256-GCM, RSA OAEP with SHA-256.
text gcm.txt <<'END'
Guten Tag Frau Mustermann,

der neue Türcode lautet 0815. Diese Mail ist mit AES-GCM verschlüsselt: Eine
Änderung unterwegs fiele beim Entschlüsseln auf.

Schöne Grüße
Max Muster
END
encrypt -aes-256-gcm -recip erika.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 \
  -in gcm.txt -out gcm.smime
mail gcm "$(ago 16)" "$max" 'Neuer Türcode' gcm.smime

# Signed, then encrypted to the recipient and to the sender himself: what a mail program does.
text signed-encrypted.txt <<'END'
Guten Tag Frau Mustermann,

anbei noch einmal das Angebot, diesmal vertraulich: signiert und verschlüsselt.

Schöne Grüße
Max Muster
END
with_pdf signed-encrypted.txt signed-encrypted.mime
sign -in signed-encrypted.mime $by_max -out signed-encrypted.inner
encrypt -aes-256-cbc -in signed-encrypted.inner -out signed-encrypted.smime erika.pem max.pem
mail signed-encrypted "$(ago 20)" "$max" 'Angebot, vertraulich' signed-encrypted.smime

# A signed mail whose text was changed afterwards.
text altered.txt <<'END'
Guten Tag Frau Mustermann,

bitte überweisen Sie 1.500,00 EUR auf das bekannte Konto.

Max Muster
END
sign -in altered.txt $by_max -out altered.signed
sed 's/1\.500,00 EUR/9.500,00 EUR/' altered.signed >altered.smime
mail altered "$(ago 24)" "$max" 'Rechnung – bitte überweisen' altered.smime

# The sender's address is not the signer's.
text other-sender.txt <<'END'
Hallo Erika,

schick mir bitte bis heute Mittag die Kontodaten aller Kunden. Eilig!

Die Geschäftsführung
END
sign -in other-sender.txt $by_max -out other-sender.smime
mail other-sender "$(ago 28)" "$(word 'Geschäftsführung') <chefin@example.com>" \
  'Eilig: Kontodaten' other-sender.smime

# The signer's CA is not among the trust anchors.
text unknown-issuer.txt <<'END'
Liebe Erika,

mein Zertifikat stammt von einer anderen Stelle. Nimm "other-root-ca.pem" als
Vertrauensanker auf, und diese Signatur wird als gültig angezeigt.

Viele Grüße
Liese
END
sign -in unknown-issuer.txt -signer liese.pem -inkey liese.key -out unknown-issuer.smime
mail unknown-issuer "$(ago 32)" "$(word 'Liese Müller') <liese@example.org>" \
  'Grüße von anderswo' unknown-issuer.smime

# The signer's certificate ended in 2022. Without attributes there is no signing time to differ from the Date.
text expired.txt <<'END'
Guten Tag Frau Mustermann,

diese Mail ist von 2021; das Zertifikat, mit dem sie signiert wurde, ist
inzwischen abgelaufen.

Schöne Grüße
Max Muster
END
sign -noattr -in expired.txt -signer max-2019.pem -inkey max-2019.key -certfile issuing.pem -out expired.smime
mail expired 'Thu, 10 Jun 2021 10:00:00 +0200' "$max" 'Jahresabschluss (aus alter Zeit)' expired.smime

# As old programs wrote it: SHA-1 signature, triple DES, streamed BER.
text old.txt <<'END'
Guten Tag Frau Mustermann,

so schrieben Mailprogramme um 2005: Signatur mit SHA-1, verschlüsselt mit
Triple-DES. Lesbar muss das bleiben, verlassen sollte man sich darauf nicht.

Schöne Grüße
Max Muster
END
openssl cms -sign -binary -crlfeol -nodetach -stream -md sha1 -in old.txt $by_max -out old.inner
openssl cms -encrypt -binary -crlfeol -stream -des3 -in old.inner -out old.smime erika.pem
mail old "$(ago 40)" "$max" 'Wie früher' old.smime

# Encrypted for somebody else.
text not-for-me.txt <<'END'
Liebe Liese, das liest nur du.
END
encrypt -aes-256-cbc -in not-for-me.txt -out not-for-me.smime liese.pem
mail not-for-me "$(ago 44)" "$max" 'Nicht für dich bestimmt' not-for-me.smime

# Encrypted for the key that Erika had before.
text older-key.txt <<'END'
Guten Tag Frau Mustermann,

diese Mail ist für Ihr früheres Zertifikat verschlüsselt. Es ist abgelaufen, aber
der Schlüssel dazu bleibt: So bleibt alte Post lesbar.

Schöne Grüße
Max Muster
END
sign -in older-key.txt $by_max -out older-key.inner
encrypt -aes-256-cbc -in older-key.inner -out older-key.smime erika-2023.pem max.pem
mail older-key "$(ago 36)" "$max" 'An Ihren alten Schlüssel' older-key.smime

# HTML, with pictures elsewhere and in the mail.
pixel=iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkaPhfDwAChwGAMVl3XQAAAABJRU5ErkJggg==
{
  printf 'Content-Type: multipart/related; boundary="=_html"\n\n--=_html\n'
  printf 'Content-Type: text/html; charset=utf-8\n\n'
  cat <<'END'
<table width="100%" style="background-color: #eef3fb"><tr><td style="padding: 16px">
<h2 style="color: #2856c0">Neues aus der Werkstatt</h2>
<p>Diese Mail ist HTML. Ihre Bilder von anderen Servern bleiben weg;
Skripte und Formulare werden entfernt.</p>
<p><img src="cid:line@samples" width="320" height="4" alt="Linie"></p>
<p><img src="https://pictures.example.org/beacon.gif" width="1" height="1" alt="">
<a href="https://www.example.org/angebote">Zu den Angeboten</a></p>
</td></tr></table>
END
  printf -- '--=_html\nContent-Type: image/png; name="line.png"\nContent-ID: <line@samples>\n'
  printf 'Content-Transfer-Encoding: base64\n\n%s\n--=_html--\n' $pixel
} >newsletter.mime
mail newsletter "$(ago 2)" 'Werkstatt <news@example.org>' 'Neues aus der Werkstatt' newsletter.mime

# To the mailbox that both share.
text shared.txt <<'END'
Guten Tag,

die Unterlagen zum Projekt gehen an das gemeinsame Postfach. Wer dazugehört, kann
sie lesen, ohne dass jemand Schlüssel weitergibt.

Schöne Grüße
Max Muster
END
sign -in shared.txt $by_max -out shared.inner
encrypt -aes-256-cbc -in shared.inner -out shared.smime projekt.pem
recipient='Projekt-Postfach <projekt@example.com>' mail shared "$(ago 6)" "$max" 'Unterlagen zum Projekt' shared.smime

# To Max: his mail program takes Erika's certificate from it, and answers encrypted.
text for-max.txt <<'END'
Guten Tag Herr Muster,

mit dieser Signatur haben Sie mein Zertifikat. Antworten Sie, und die Antwort geht
verschlüsselt an mich.

Schöne Grüße
Erika Mustermann
END
sign -in for-max.txt -signer erika.pem -inkey erika.key -certfile issuing.pem -out for-max.smime
recipient=$max mail for-max "$(ago 3)" "$erika" 'Ab heute mit Signatur' for-max.smime

# ---- OpenSSL's own opinion ---------------------------------------------------------------------

cat root.pem >anchors.pem
verify() { openssl cms -verify -in "$1" -CAfile anchors.pem -purpose smimesign -out /dev/null 2>/dev/null; }
decrypt() { openssl cms -decrypt -in "$here/$1.eml" -recip erika.pem -inkey erika.key -out "$1.plain"; }
for name in signed opaque for-max; do verify "$here/$name.eml"; done
for name in encrypted gcm signed-encrypted old; do decrypt $name; done
verify signed-encrypted.plain
openssl cms -decrypt -in "$here/older-key.eml" -recip erika-2023.pem -inkey erika-2023.key -out older-key.plain
openssl cms -decrypt -in "$here/shared.eml" -recip projekt.pem -inkey projekt.key -out shared.plain
verify older-key.plain
verify shared.plain
for name in altered unknown-issuer expired; do
  if verify "$here/$name.eml"; then echo "$name should not verify" >&2; exit 1; fi
done
echo "made $(ls "$here"/*.eml | wc -l) mails in $here"
