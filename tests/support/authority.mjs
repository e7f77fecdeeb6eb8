// An authority for tests, made anew by OpenSSL, whose certificates say where to ask: for the issuer, for
// OCSP and for the CRL. All of that is really there, at a server on this machine, which serves as the
// relay that an application has, since what certificates name has to be public.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const script = `
newkey() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1.key; }

authority() {
  mkdir $1.d
  touch $1.d/index.txt
  echo 01 > $1.d/crlnumber
  cat > $1.cnf <<END
[ca]
default_ca = authority
[authority]
database = $1.d/index.txt
crlnumber = $1.d/crlnumber
new_certs_dir = $1.d
rand_serial = yes
private_key = $1.key
certificate = $1.pem
default_md = sha256
default_days = 365
default_crl_days = 7
policy = policy
crl_extensions = crl_extensions
[policy]
commonName = supplied
[crl_extensions]
authorityKeyIdentifier = keyid
END
}

# The authority, the name, and further lines for the extensions.
certificate() {
  authority=$1 name=$2
  shift 2
  newkey $name
  openssl req -new -key $name.key -subj "/CN=$name" -out $name.csr
  printf '%s\n' subjectKeyIdentifier=hash authorityKeyIdentifier=keyid     crlDistributionPoints=URI:http://crl.example.com$PORT/$authority.crl "$@" > $name.ext
  openssl ca -batch -notext -config $authority.cnf -in $name.csr -extfile $name.ext -out $name.pem
  openssl x509 -in $name.pem -outform DER -out $name.der
}

crl() {
  openssl ca -config $1.cnf -gencrl -out $1.crl.pem
  openssl crl -in $1.crl.pem -outform DER -out $1.crl
}

authority root
newkey root
openssl req -new -x509 -key root.key -subj '/CN=root' -days 3650 -out root.pem   -addext keyUsage=critical,keyCertSign,cRLSign
openssl x509 -in root.pem -outform DER -out root.der
certificate root issuer basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign
crl root

authority issuer
cp issuer.der issuer.cer
person() {
  certificate issuer $1 basicConstraints=critical,CA:FALSE     keyUsage=critical,digitalSignature,keyAgreement extendedKeyUsage=emailProtection     subjectAltName=email:$1@example.com     "authorityInfoAccess=OCSP;URI:http://ocsp.example.com$PORT/,caIssuers;URI:http://ca.example.com$PORT/issuer.cer"
  openssl pkcs12 -export -inkey $1.key -in $1.pem -certfile issuer.pem -passout pass:secret -out $1.p12
}
person grace
person mallory
certificate issuer responder keyUsage=critical,digitalSignature extendedKeyUsage=OCSPSigning noCheck=ignored
openssl ca -config issuer.cnf -revoke mallory.pem -crl_reason keyCompromise
crl issuer
`;

/**
 * `root` and, below it, `issuer`; `grace` and `mallory`, who is revoked: `.der`, and `.p12` with the
 * password `secret`. Certificates point to a port where one is given.
 */
export async function makeAuthority({ port } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  const env = { ...process.env, PORT: port ? `:${port}` : '' };
  const sh = (script) => run('sh', ['-ec', script], { cwd: folder, env });
  await sh(script);
  return {
    folder,
    all: async () => {
      const names = (await readdir(folder)).filter((name) => /\.(der|p12|crl)$/.test(name));
      const files = names.map(async (name) => [name, await readFile(join(folder, name))]);
      return Object.fromEntries(await Promise.all(files));
    },

    /** Makes `issuer.crl` one of 500,000 entries. */
    async enlarge() {
      const index = join(folder, 'issuer.d', 'index.txt');
      const issued = await readFile(index, 'utf8');
      const lines = Array.from({ length: 500_000 }, (_, at) => {
        const serial = (0x4000_0000_0000_0000_0000_0000_0000_0000n + BigInt(at) * 7n).toString(16);
        return `R\t361121000000Z\t261101000000Z\t${serial.toUpperCase()}\tunknown\t/CN=somebody\n`;
      });
      await writeFile(index, lines.join('') + issued);
      await sh('openssl ca -config issuer.cnf -gencrl | openssl crl -outform DER -out issuer.crl');
      await writeFile(index, issued);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/**
 * Serves what the authority has, to pages of any origin: `/relay?url=…` gives what is at the address,
 * a redirect as the header field X-Redirect. With `as=…` it behaves as a bad server.
 *
 * `requests` are the addresses that were asked for since it was last read; `/requests` gives them too.
 */
export async function serveAuthority({ folder }) {
  let requests = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    response.setHeader('Access-Control-Expose-Headers', 'X-Redirect');
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'OPTIONS') return response.end();
    if (pathname === '/requests') {
      response.end(JSON.stringify(requests));
      requests = [];
      return undefined;
    }
    const url = searchParams.get('url');
    requests.push(`${request.method} ${url}`);
    const body = [];
    for await (const chunk of request) body.push(chunk);
    const bad = misbehaviours[searchParams.get('as')];
    if (bad) return bad(response, url);
    const found = await whatIsAt(folder, url, Buffer.concat(body)).catch(() => undefined);
    if (!found) response.writeHead(404);
    return response.end(found);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

const redirect = (response, url) => response.setHeader('X-Redirect', url).end();

const misbehaviours = {
  hanging: () => {},
  missing: (response) => response.writeHead(404).end(),
  garbage: (response) => response.end('<!doctype html><title>Welcome to the hotel</title>'),
  oversized: (response) => response.end(Buffer.alloc(3 << 20)),
  moved: (response, url) => {
    const { host } = new URL(url);
    redirect(response, url.replace(host, `www.${host}`));
  },
  inward: (response) => redirect(response, 'http://192.168.0.1/admin'),
  circular: (response, url) => redirect(response, url),
};

/** What is at an address that the certificates name, or at a mirror. */
export async function whatIsAt(folder, url, body) {
  const { hostname, pathname } = new URL(url);
  if (!/^(www\.)?(crl|ca|ocsp)\.example\.com$/.test(hostname)) return undefined;
  if (hostname.endsWith('ocsp.example.com')) return respond(folder, body);
  return readFile(join(folder, pathname.slice(1)));
}

let answers = 0;

/** OpenSSL's answer to an OCSP request. */
async function respond(folder, request) {
  const [asked, answer] = [`request-${++answers}.ocsp`, `response-${answers}.ocsp`];
  await writeFile(join(folder, asked), request);
  const options = ['-index', 'issuer.d/index.txt', '-CA', 'issuer.pem', '-ndays', '1'];
  const signer = ['-rsigner', 'responder.pem', '-rkey', 'responder.key'];
  const files = ['-reqin', asked, '-respout', answer];
  await run('openssl', ['ocsp', ...options, ...signer, ...files], { cwd: folder });
  return readFile(join(folder, answer));
}
