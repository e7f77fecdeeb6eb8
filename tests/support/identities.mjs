// Identities for tests, made anew by OpenSSL: a CA, and people with certificates from it.

import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const script = `
newkey() {
  usage=keyEncipherment
  case $1 in
    carol) usage=keyAgreement
      openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1.key ;;
    dave) usage=nonRepudiation
      openssl genpkey -quiet -algorithm ED25519 -out $1.key ;;
    *) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out $1.key ;;
  esac
}

newkey ca
openssl req -new -x509 -key ca.key -subj '/O=Example/CN=Example CA' -days 3650 -out ca.pem \
  -addext keyUsage=critical,keyCertSign,cRLSign
openssl x509 -in ca.pem -outform DER -out ca.der

for name in alice bob carol dave; do
  newkey $name
  openssl req -new -key $name.key -subj "/CN=$name" -out $name.csr
  printf '%s\\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature,$usage \
    extendedKeyUsage=emailProtection subjectAltName=email:$name@example.com \
    subjectKeyIdentifier=hash > $name.ext
  openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -days 365 -extfile $name.ext -out $name.pem
  openssl x509 -in $name.pem -outform DER -out $name.der
  openssl pkcs12 -export -inkey $name.key -in $name.pem -certfile ca.pem -passout pass:secret -out $name.p12
done

# Messages for whoever knows a password, and for whoever has a key.
printf 'Content-Type: text/plain\\r\\n\\r\\nHello\\r\\n' > hello.eml
openssl cms -encrypt -binary -aes256 -in hello.eml -outform DER -pwri_password gülden -out password.p7m
openssl cms -encrypt -binary -aes256 -in hello.eml -outform DER \
  -secretkey 000102030405060708090a0b0c0d0e0f -secretkeyid 07ff -out key.p7m

# Seconds of PBKDF2.
openssl pkcs12 -export -inkey alice.key -in alice.pem -passout pass:secret -iter 2000000 -nomac -out slow.p12
`;

/**
 * `ca`, `alice` and `bob` (RSA), `carol` (P-256) and `dave` (Ed25519) with `.key`, `.pem` and `.der`; the
 * people's `.p12` and `slow.p12` with the password `secret`; `hello.eml`, encrypted as `password.p7m` and
 * `key.p7m`; and what `tests/mails` has of charsets.
 *
 * @returns the folder they are in, all of them by name, and what removes the folder
 */
export async function makeIdentities() {
  const folder = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  await promisify(execFile)('sh', ['-ec', script], { cwd: folder });
  for (const [path, name] of [['charsets.json', 'charsets.json'], ['charsets/everywhere.eml', 'charsets.eml']]) {
    await copyFile(new URL(`../mails/${path}`, import.meta.url), join(folder, name));
  }
  return {
    folder,
    all: async () => {
      const files = (await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name))]);
      return Object.fromEntries(await Promise.all(files));
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
