#!/bin/sh
# Makes the people of tests/cases: a root, those with certificates from it, and a stranger who gives
# himself one for alice's address. What the root certified of each eve is alice's address and more. Every
# .p12 has the password "cases". The messages have to be made anew afterwards:
# WRITE_CASES=1 cargo test --test security
set -eu
cd "$(dirname "$0")"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256; }

root() { # name
  key >"$1.key"
  openssl req -x509 -new -key "$1.key" -subj "/O=Cases of smime-wasm/CN=$1" -days 36500 -out "$1.pem" \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' -addext 'basicConstraints=critical,CA:TRUE'
}

person() { # name, subjectAltName, root
  key >"$1.key"
  printf '%s\n' 'keyUsage=critical,digitalSignature,keyAgreement' 'extendedKeyUsage=emailProtection' \
    "subjectAltName=$2" 'subjectKeyIdentifier=hash' 'authorityKeyIdentifier=keyid' >"$1.ext"
  openssl req -new -key "$1.key" -subj "/O=Cases of smime-wasm/CN=$1" |
    openssl x509 -req -CA "$3.pem" -CAkey "$3.key" -days 36500 -extfile "$1.ext" -out "$1.pem"
  openssl pkcs12 -export -in "$1.pem" -inkey "$1.key" -passout pass:cases -out "$1.p12"
}

# A subjectAltName of one rfc822Name: alice's address and other octets.
san() { # octets in hex
  hex=$(printf alice@example.com | od -An -tx1 | tr -d ' \n')$1
  length=$((${#hex} / 2))
  printf '30%02x81%02x%s' $((length + 2)) "$length" "$hex"
}

root root
root other-root
person alice email:alice@example.com root
person bob email:bob@example.net root
person mallory email:mallory@example.org root
person eve "DER:$(san e2808b)" root # zero width space
person eve-space "DER:$(san 20)" root
person eve-line "DER:$(san 0d0a)" root
person eve-nul "DER:$(san 002e6578616d706c652e6f7267)" root # NUL.example.org
person stranger email:alice@example.com other-root
rm ./*.key ./*.ext alice.pem bob.pem mallory.pem eve.pem eve-*.pem stranger.pem other-root.pem
