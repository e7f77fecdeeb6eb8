// Mail for tests of reading, made anew by OpenSSL for the people of identities.mjs and some more.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const script = `
cat > ca.cnf <<END
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
rand_serial = yes
unique_subject = no
private_key = ca.key
certificate = ca.pem
default_md = sha256
policy = policy
[policy]
commonName = supplied
END
touch index.txt

# Further certificates: a name for the files, whose, the bits, and the first and last day.
person() {
  openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:$3 -out $1.key
  openssl req -new -key $1.key -subj "/CN=$2" -out $1.csr
  printf '%s\\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature,keyEncipherment \
    extendedKeyUsage=emailProtection subjectAltName=email:$2@example.com > $1.ext
  openssl ca -batch -notext -config ca.cnf -startdate $4 -enddate $5 -in $1.csr -extfile $1.ext -out $1.pem
  openssl pkcs12 -export -inkey $1.key -in $1.pem -passout pass:secret -out $1.p12
}
person old alice 2048 20150101000000Z 20170101000000Z
person short alice 1024 20150101000000Z 20170101000000Z
person bob2 bob 2048 20250101000000Z 20401231000000Z
openssl req -new -x509 -newkey rsa:2048 -nodes -keyout eve.key -subj /CN=eve -days 365 -out eve.pem \
  -addext keyUsage=critical,digitalSignature,keyEncipherment -addext basicConstraints=critical,CA:FALSE \
  -addext extendedKeyUsage=emailProtection -addext subjectAltName=email:eve@example.com

printf 'Content-Type: text/plain\\r\\n\\r\\nHello Alice\\r\\n' > body
signed() { openssl cms -sign -in body -signer $1.pem -inkey $1.key -from $2@example.com \
  -to alice@example.com -subject Hello -out $3; }
signed bob bob signed.eml
signed bob2 bob changed.eml
signed bob mallory other.eml
signed eve eve unknown.eml
sed 's/^Hello Alice/Hallo Alice/' signed.eml > altered.eml

encrypted() { openssl cms -encrypt -$1 -in $2 -from \${5:-bob}@example.com -to alice@example.com -subject Hello \
  -out $3 $4.pem; }
openssl cms -sign -in body -signer bob.pem -inkey bob.key -out signed.part
openssl cms -sign -in body -signer eve.pem -inkey eve.key -out unknown.part
encrypted aes256 body encrypted.eml alice
encrypted aes-256-gcm body gcm.eml alice
encrypted des3 body weak.eml alice
encrypted aes256 signed.part both.eml alice
encrypted aes256 unknown.part doubtful.eml alice eve
encrypted aes256 body old.eml old
encrypted aes-256-gcm body short.eml short
encrypted aes256 body foreign.eml carol
encrypted aes256 body bobs.eml bob

openssl cms -encrypt -aes256 -binary -in body -outform DER -out bare.p7m alice.pem
openssl cms -sign -binary -in body -signer bob.pem -inkey bob.key -outform DER -out bare.p7s
`;

/** Adds the mails to the folder of identities. */
export const makeMails = (folder) => promisify(execFile)('sh', ['-ec', script], { cwd: folder });
