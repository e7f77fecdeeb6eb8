// The relay of docs/examples: what it hands on, and what it can't be talked into. Its servers are real. The
// one it may ask is at 127.0.0.2, an exception as for a company's own CA; the one it must never reach is at
// 127.0.0.1. Names that the public DNS would have to know are resolved by a function.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { after, test } from 'node:test';

import { createRelay, isPublic } from '../../docs/examples/relay.mjs';

const OUTSIDE = '127.0.0.2';
const INSIDE = '127.0.0.1';

const asked = [];
const outside = await listen(OUTSIDE, (request, response) => answer(request, response));
const inside = await listen(INSIDE, (request, response) => {
  asked.push('inside');
  response.setHeader('Content-Type', 'application/pkix-crl').end('secret');
});
const port = outside.address().port;
const inner = inside.address().port;

/** What is outside, by path. */
const PAGES = {
  '/ca.crl': (response) => response.setHeader('Content-Type', 'application/pkix-crl').end(Buffer.from([0x30, 0])),
  '/untyped': (response) => response.end(Buffer.from([0x30, 0])),
  '/page': (response) => response.setHeader('Content-Type', 'text/html').end('<script>alert(1)</script>'),
  '/packed': (response) =>
    response.writeHead(200, { 'Content-Type': 'application/pkix-crl', 'Content-Encoding': 'gzip' }).end('x'),
  '/gone': (response) => response.writeHead(404).end(),
  '/moved': (response) => response.writeHead(302, { Location: '../new/ca.crl' }).end(),
  '/inward': (response) => response.writeHead(302, { Location: `http://${INSIDE}:${inner}/` }).end(),
  '/to-file': (response) => response.writeHead(302, { Location: 'file:///etc/passwd' }).end(),
  '/large': (response) =>
    response.writeHead(200, { 'Content-Type': 'application/pkix-crl', 'Content-Length': 5_000 }).end(Buffer.alloc(5_000)),
  '/silent': () => {},
  '/slow': (response) => {
    response.writeHead(200, { 'Content-Type': 'application/pkix-crl' });
    trickle(response, 1, 50);
  },
  '/endless': (response) => {
    response.writeHead(200, { 'Content-Type': 'application/pkix-crl' });
    trickle(response, 1_000, 1);
  },
  '/switching': (response) => response.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
};

async function answer(request, response) {
  const body = [];
  for await (const chunk of request) body.push(chunk);
  asked.push({
    line: `${request.method} ${request.headers.host} ${request.url}`,
    headers: request.headers,
    body: Buffer.concat(body).toString(),
  });
  PAGES[request.url.split('?')[0]]?.(response);
}

function trickle(response, bytes, millis) {
  const timer = setInterval(() => response.write(Buffer.alloc(bytes)), millis);
  response.once('close', () => clearInterval(timer));
}

/** A name's addresses in turn; an array stands for several at once. */
const NAMES = {
  'crl.example.com': [OUTSIDE],
  'inside.example.com': [INSIDE],
  'both.example.com': [[OUTSIDE, INSIDE]],
  'rebound.example.com': [OUTSIDE, INSIDE],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'nothing.example.com': [[]],
};
const turns = new Map();

async function resolve(host) {
  const turn = turns.get(host) ?? 0;
  turns.set(host, turn + 1);
  if (!NAMES[host]) throw new Error(`${host} is not known`);
  return [NAMES[host][turn]].flat().map((address) => ({ address }));
}

const alsoAllowed = (address, number) => address === OUTSIDE && number === port;
const limits = { answer: 4_096, request: 64 };
const authorize = ({ headers }) => headers.cookie === 'session=4711';
const relay = await listen(INSIDE, createRelay({ authorize, resolve, alsoAllowed, limits }));
const hasty = await listen(INSIDE, createRelay({ authorize, resolve, alsoAllowed, limits: { millis: 200 } }));
const byThisMachine = await listen(INSIDE, createRelay({ authorize: () => true, limits }));

after(() => [outside, inside, relay, hasty, byThisMachine].forEach((server) => server.close().closeAllConnections()));

async function listen(host, handler) {
  const server = createServer(handler);
  await new Promise((started) => server.listen(0, host, started));
  return server;
}

const at = (path, host = 'crl.example.com') => `http://${host}:${port}${path}`;

async function ask(url, { more = '', server = relay, headers, ...options } = {}) {
  turns.clear();
  const where = `http://${INSIDE}:${server.address().port}/relay?url=${encodeURIComponent(url)}${more}`;
  return fetch(where, { ...options, headers: { Cookie: 'session=4711', ...headers } });
}

/** The status for each address, and that nobody inside was asked for it. */
async function statuses(urls, options) {
  asked.length = 0;
  const found = {};
  for (const url of urls) found[url] = (await ask(url, options)).status;
  assert.ok(!asked.includes('inside'), 'somebody inside was asked');
  return found;
}

const all = (urls, status) => Object.fromEntries(urls.map((url) => [url, status]));

test('a CRL comes as bytes that no page can run', async () => {
  asked.length = 0;
  const response = await ask(at('/ca.crl?full'), { headers: { Accept: 'application/pkix-crl', Referer: 'https://crm.example/' } });
  assert.equal(response.status, 200);
  assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [0x30, 0]);
  const header = (name) => response.headers.get(name);
  assert.equal(header('Content-Type'), 'application/pkix-crl');
  assert.equal(header('X-Content-Type-Options'), 'nosniff');
  assert.equal(header('Content-Security-Policy'), "sandbox; default-src 'none'");
  assert.equal(header('Cache-Control'), 'no-store');
  const [{ line, headers }] = asked;
  assert.equal(line, `GET crl.example.com:${port} /ca.crl?full`);
  // Nothing of the user goes along.
  assert.deepEqual(Object.keys(headers).sort(), ['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  assert.equal(headers.accept, 'application/pkix-crl');
});

test('an answer without a type is bytes', async () => {
  const response = await ask(at('/untyped'));
  assert.equal(response.headers.get('Content-Type'), 'application/octet-stream');
});

test('a request for OCSP is posted, and nothing else is', async () => {
  asked.length = 0;
  const post = (type, body) => ask(at('/ca.crl'), { method: 'POST', headers: { 'Content-Type': type }, body });
  assert.equal((await post('application/ocsp-request', 'request')).status, 200);
  assert.equal(asked[0].line, `POST crl.example.com:${port} /ca.crl`);
  assert.equal(asked[0].headers['content-type'], 'application/ocsp-request');
  assert.equal(asked[0].body, 'request');
  assert.equal((await post('application/x-www-form-urlencoded', 'a=b')).status, 405);
  assert.equal((await post('application/ocsp-request', 'x'.repeat(65))).status, 413);
  for (const method of ['PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
    assert.equal((await ask(at('/ca.crl'), { method })).status, 405, method);
  }
  assert.equal(asked.length, 1);
});

test('strangers get nothing, and a relay without a guard is none', async () => {
  assert.equal((await ask(at('/ca.crl'), { headers: { Cookie: 'session=0' } })).status, 401);
  assert.throws(() => createRelay({}), TypeError);
});

test('what is no address of http or https is refused', async () => {
  const wrong = ['', 'nothing', '/etc/passwd', 'http://', `http://crl.example.com/${'x'.repeat(2_048)}`];
  assert.deepEqual(await statuses(wrong), all(wrong, 400));
  const forbidden = ['ftp://crl.example.com/', 'file:///etc/passwd', 'data:,x', 'ldap://crl.example.com/cn=ca', at('/ca.crl', 'a:b@crl.example.com')];
  assert.deepEqual(await statuses(forbidden), all(forbidden, 403));
});

test('literal addresses inside are refused, however they are written', async () => {
  const hosts = [
    '127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '017700000001', '127.1', '0x7f.1', '127.0.0.1.',
    '%31%32%37.0.0.1', '１２７.0.0.1', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '0.0.0.0', '10.0.0.1', '169.254.169.254', '[fe80::1]', '[fd00:ec2::254]',
  ];
  const urls = hosts.map((host) => `http://${host}:${inner}/`);
  assert.deepEqual(await statuses(urls), all(urls, 403));
});

test('names that lead inside are refused', async () => {
  const urls = ['inside', 'both', 'mapped', 'nothing'].map((name) => `http://${name}.example.com:${inner}/`);
  assert.deepEqual(await statuses(urls), all(urls, 403));
  // One good address does not make the bad one beside it good, at the port that is allowed either.
  assert.equal((await ask(at('/ca.crl', 'both.example.com'))).status, 403);
  assert.equal((await ask(at('/ca.crl', 'unknown.example.com'))).status, 502);
});

test('this machine is refused by the names that it has itself', async () => {
  const urls = [`http://localhost:${inner}/`, 'http://localhost/'];
  assert.deepEqual(await statuses(urls, { server: byThisMachine }), all(urls, 403));
});

test('a name that stands for something else a moment later changes nothing', async () => {
  asked.length = 0;
  const response = await ask(at('/ca.crl', 'rebound.example.com'));
  assert.equal(response.status, 200);
  // Resolved once, and the connection went to what was looked at.
  assert.equal(turns.get('rebound.example.com'), 1);
  assert.deepEqual(asked.map(({ line }) => line), [`GET rebound.example.com:${port} /ca.crl`]);
  NAMES['rebound.example.com'].shift();
  assert.equal((await ask(at('/ca.crl', 'rebound.example.com'))).status, 403);
});

test('other ports are refused, but for those that are allowed', async () => {
  assert.equal((await ask(`http://${OUTSIDE}:${port}/ca.crl`)).status, 200);
  const urls = [`http://${OUTSIDE}:${inner}/`, `http://${OUTSIDE}/`, 'http://93.184.215.14:22/', 'http://93.184.215.14:6379/'];
  assert.deepEqual(await statuses(urls), all(urls, 403));
});

test('where a redirect leads is told and not followed, and looked at like any address', async () => {
  asked.length = 0;
  const moved = await ask(at('/moved'));
  assert.equal(moved.status, 204);
  assert.equal(moved.headers.get('X-Redirect'), at('/new/ca.crl'));
  const inward = (await ask(at('/inward'))).headers.get('X-Redirect');
  assert.equal(inward, `http://${INSIDE}:${inner}/`);
  assert.equal((await ask(inward)).status, 403);
  assert.equal((await ask(at('/to-file'))).status, 403);
  assert.ok(!asked.includes('inside'));
});

test('answers of other kinds are not handed on', async () => {
  const urls = ['/page', '/packed', '/gone', '/switching'].map((path) => at(path));
  assert.deepEqual(await statuses(urls), all(urls, 502));
});

test('what is too large is broken off', async () => {
  assert.equal((await ask(at('/large'))).status, 413);
  assert.equal((await ask(at('/ca.crl'), { more: '&max=1' })).status, 413);
  await assert.rejects((await ask(at('/endless'))).arrayBuffer());
  await assert.rejects((await ask(at('/endless'), { more: '&max=1e9' })).arrayBuffer());
});

test('what takes too long is broken off, silent or slow', async () => {
  assert.equal((await ask(at('/silent'), { server: hasty })).status, 504);
  await assert.rejects((await ask(at('/slow'), { server: hasty })).arrayBuffer());
});

test('a resolver that never answers holds nobody up', async () => {
  const hanging = createRelay({ authorize: () => true, resolve: () => new Promise(() => {}), limits: { millis: 200 } });
  const server = await listen(INSIDE, hanging);
  assert.equal((await ask(at('/ca.crl'), { server })).status, 504);
  server.close().closeAllConnections();
});

test('https is asked by its name, and refused where the certificate is not to be trusted', async () => {
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=crl.example.com'];
  const pem = execFileSync('openssl', [...made, '-keyout', '-', '-out', '-'], { stdio: 'pipe' });
  const names = [];
  const SNICallback = (name, callback) => callback(null, void names.push(name));
  const server = createTlsServer({ key: pem, cert: pem, SNICallback }, (request) => asked.push(request.url));
  await new Promise((started) => server.listen(port, '127.0.0.3', started));
  NAMES['tls.example.com'] = ['127.0.0.3'];
  const trusting = createRelay({ authorize, resolve, alsoAllowed: () => true });
  const through = await listen(INSIDE, trusting);
  asked.length = 0;
  assert.equal((await ask(`https://tls.example.com:${port}/ca.crl`, { server: through })).status, 502);
  assert.deepEqual([names, asked], [['tls.example.com'], []]);
  [server, through].forEach((server) => server.close().closeAllConnections());
});

test('the registries of special addresses are known', () => {
  const ours = `0.1.2.3 10.255.255.255 100.64.0.1 100.127.255.255 127.255.255.255 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.1
    203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::ffff:8.8.8.8
    ::ffff:0:8.8.8.8 ::8.8.8.8 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:1ff:ffff::1 2001:db8::1
    2002:808:808::1 3fff::1 4000::1 5f00::1 fc00::1 fdff::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 example 1`;
  assert.deepEqual(ours.split(/\s+/).filter(isPublic), []);
  const others = `1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255
    198.17.255.255 198.20.0.1 223.255.255.255 2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111 2a00:1450::1`;
  assert.deepEqual(others.split(/\s+/).filter((address) => !isPublic(address)), []);
});
