// A relay for what certificates point to: OCSP, CRLs and certificates of issuers (AIA). Pages can't read
// other servers, so the `fetch` of `openMailer` and `verify` asks this one; docs/INTEGRATION.md has both ends.
//
//   GET or POST /relay?url=http%3A%2F%2Fcrl.example.com%2Fca.crl&max=1048576
//
// Whoever sends a mail chooses these addresses. So the relay resolves names itself, asks public addresses
// only, and connects to the very address it looked at: a second answer of the DNS changes nothing. It
// follows no redirect. It tells the page where one leads, which asks again, and then everything is looked
// at again.

import { lookup } from 'node:dns/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import { BlockList, isIP } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a relay takes on. Addresses in characters, all else in bytes and milliseconds. */
const LIMITS = {
  address: 2_048,
  /** OCSP requests have about 100. */
  request: 16 << 10,
  /** The largest CRLs in use have some 20 MB. */
  answer: 64 << 20,
  /** For everything together: names, connection, and the whole of the answer. */
  millis: 10_000,
};

const PORTS = [80, 443];

const REDIRECTS = [301, 302, 303, 307, 308];

const REQUEST_TYPE = 'application/ocsp-request';

/** What answers may be (RFC 5280, 4.2.1.13 and 4.2.2.1; RFC 6960, C.1), and what is served for it in fact. */
const ANSWER_TYPES = [
  'application/ocsp-response',
  'application/pkix-cert',
  'application/pkix-crl',
  'application/pkcs7-mime',
  'application/x-pkcs7-certificates',
  'application/x-pkcs7-crl',
  'application/x-x509-ca-cert',
  'application/octet-stream',
  'binary/octet-stream',
];

/** Should somebody open an answer as a page of its own, it is an inert download. */
const INERT = {
  'Cache-Control': 'no-store',
  'Content-Disposition': 'attachment',
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * A handler for `node:http`, or for a route of Express and its like that comes before their body parsers.
 *
 * It answers 200 with the bytes; 204 with `X-Redirect`, an absolute address; and 4xx or 5xx where there is
 * nothing for the page: 400 and 405 for what it does not understand, 401 for strangers, 403 for addresses
 * that are not asked, 413 for what is too large, 502 for bad answers, 504 for late ones.
 *
 * @param {object} options
 * @param {(request: http.IncomingMessage) => boolean | Promise<boolean>} options.authorize  whether one of
 *   your users asks: look at the session here, and count how often they ask
 * @param {(host: string) => Promise<{ address: string }[]>} [options.resolve]  by default as this machine
 *   resolves names
 * @param {(address: string, port: number) => boolean} [options.alsoAllowed]  addresses and ports that are not
 *   public, such as your company's own CA
 * @param {Partial<typeof LIMITS>} [options.limits]
 */
export function createRelay({ authorize, resolve = resolveHere, alsoAllowed = () => false, limits }) {
  if (typeof authorize !== 'function') throw new TypeError('a relay for everybody is an open proxy');
  const caps = { ...LIMITS, ...limits };

  return async function relay(request, response) {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(caps.millis)]);
    try {
      if (!(await authorize(request))) throw new Refusal(401);
      const { searchParams } = new URL(request.url, 'http://relay');
      const target = targetOf(searchParams.get('url'), caps.address);
      const body = await unlessAborted(bodyOf(request, caps.request), signal);
      const addresses = await unlessAborted(addressesOf(target, { resolve, alsoAllowed }), signal);
      const answer = await ask(target, { request, body, addresses, signal });
      const max = Math.min(Number(searchParams.get('max')) || caps.answer, caps.answer);
      await pass(answer, { target, response, max, signal }).finally(() => answer.destroy());
    } catch (error) {
      // What has begun can only be broken off, and then the page gets nothing.
      if (response.headersSent) response.destroy();
      else response.writeHead(statusOf(error), { ...INERT, 'Content-Length': 0 }).end();
    }
  };
}

class Refusal extends Error {
  constructor(status) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

const statusOf = ({ status, name }) => status ?? (name === 'TimeoutError' || name === 'AbortError' ? 504 : 502);

/** The address, if it is one of http or https without user information. */
function targetOf(text, longest) {
  if (!text || text.length > longest || !URL.canParse(text)) throw new Refusal(400);
  const target = new URL(text);
  if (!/^https?:$/.test(target.protocol) || target.username || target.password) throw new Refusal(403);
  return target;
}

/** What is to be posted; nothing for GET. */
async function bodyOf(request, max) {
  if (request.method === 'GET') return undefined;
  if (request.method !== 'POST' || typeOf(request) !== REQUEST_TYPE) throw new Refusal(405);
  if (Number(request.headers['content-length']) > max) throw new Refusal(413);
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > max) throw new Refusal(413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * What the host stands for: `{ address, family }`, one at least, and each may be asked. One that may not
 * speaks against all, so that nobody hides it among others.
 */
async function addressesOf({ hostname, port, protocol }, { resolve, alsoAllowed }) {
  // The parser of URLs has already made 127.0.0.1 of http://2130706433/, http://0177.1/ and their like.
  const literal = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(literal) ? [{ address: literal }] : await resolve(hostname);
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  const isAllowed = ({ address }) =>
    (isPublic(address) && PORTS.includes(number)) || alsoAllowed(address, number);
  if (found.length === 0 || !found.every(isAllowed)) throw new Refusal(403);
  return found.map(({ address }) => ({ address, family: isIP(address) }));
}

const resolveHere = (host) => lookup(host, { all: true });

/** What IANA's registries of special-purpose addresses (RFC 6890) do not call globally reachable. */
const special = new BlockList();
for (const network of [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12',
  '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24',
  '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  // Public by its number, but Azure answers its own machines there.
  '168.63.129.16/32',
]) special.addSubnet(...subnet(network), 'ipv4');
for (const network of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) {
  special.addSubnet(...subnet(network), 'ipv6');
}

/** Of IPv6 this alone is assigned to the public: loopback, mapped, NAT64, ULA and link-local lie outside. */
const unicast = new BlockList();
unicast.addSubnet('2000::', 3, 'ipv6');

function subnet(network) {
  const [address, prefix] = network.split('/');
  return [address, Number(prefix)];
}

/** Whether anybody on the internet can have this address. What is no address is not public. */
export function isPublic(address) {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4');
    case 6:
      return unicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Asks one of the addresses, and none that the name may stand for by now. */
function ask(target, { request, body, addresses, signal }) {
  const { request: send } = target.protocol === 'https:' ? https : http;
  const [{ address, family }] = addresses;
  return new Promise((resolve, reject) => {
    const asking = send(target, {
      method: request.method,
      headers: {
        Accept: request.headers.accept ?? '*/*',
        // Nothing is unpacked, so nothing grows.
        'Accept-Encoding': 'identity',
        'User-Agent': 'relay',
        ...(body && { 'Content-Type': REQUEST_TYPE, 'Content-Length': body.length }),
      },
      // No connection is kept, and none is anybody else's.
      agent: false,
      lookup: (host, { all }, callback) =>
        all ? callback(null, addresses) : callback(null, address, family),
      signal,
    });
    asking.once('response', resolve).on('error', reject);
    asking.once('close', () => reject(new Error('closed without an answer')));
    asking.end(body);
  });
}

/** Hands an answer on, or where it leads. */
async function pass(answer, { target, response, max, signal }) {
  const { statusCode, headers } = answer;
  if (REDIRECTS.includes(statusCode) && headers.location) {
    const next = targetOf(new URL(headers.location, target).href, LIMITS.address);
    response.writeHead(204, { ...INERT, 'X-Redirect': next.href }).end();
    return;
  }
  const type = typeOf(answer) ?? 'application/octet-stream';
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  if (statusCode !== 200 || !isPlain || !ANSWER_TYPES.includes(type)) throw new Refusal(502);
  if (Number(headers['content-length']) > max) throw new Refusal(413);
  response.writeHead(200, { ...INERT, 'Content-Type': type });
  await pipeline(answer, atMost(max), response, { signal });
}

/** Passes bytes on, and fails at the first that is too many. */
function atMost(max) {
  let size = 0;
  return new Transform({
    transform(chunk, encoding, callback) {
      size += chunk.length;
      if (size > max) callback(new Refusal(413));
      else callback(null, chunk);
    },
  });
}

const typeOf = ({ headers }) => headers['content-type']?.split(';')[0].trim().toLowerCase();

const unlessAborted = (promise, signal) =>
  Promise.race([
    promise,
    new Promise((resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
  ]);
