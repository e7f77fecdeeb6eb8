// A CRM as docs/INTEGRATION.md has it: an application of the guide's own code, built by the guide's own script
// from the packed tarball, and a server with the guide's relay and what the guide expects of a server.

import { execFile } from 'node:child_process';
import { createHash, sign } from 'node:crypto';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { makeAuthority, whatIsAt } from '../../support/authority.mjs';
import { makeIdentities } from '../../support/identities.mjs';
import { installTarball } from '../../support/tarball.mjs';

const run = promisify(execFile);

const root = new URL('../../../', import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));

const types = { '.js': 'text/javascript', '.html': 'text/html', '.wasm': 'application/wasm', '.json': 'application/json' };

const index = '<!doctype html><title>CRM</title><link rel="icon" href="/icon"><script type="module" src="/assets/main.js"></script>';

/** The guide's samples by the names in their first lines, and its policies in their order. */
export async function readGuide() {
  const guide = await readFile(new URL('docs/INTEGRATION.md', root), 'utf8');
  const samples = [...guide.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([, name, code]) => [name, code]);
  const policies = [...guide.matchAll(/^Content-Security-Policy: (.*)$/gm)].map(([, policy]) => policy);
  const blocks = guide.match(/^```js$/gm).length;
  return { samples: Object.fromEntries(samples), policies, blocks };
}

/** Starts all of it. `url(policy)` is where it is served under a policy; `state` is what the server keeps. */
export async function startCrm() {
  const { samples, policies } = await readGuide();
  const [identities, application, outside] = await Promise.all([makeIdentities(), build(samples), serveAuthority()]);
  const { createCrmServer } = await import(pathToFileURL(join(application.home, 'src', 'server.mjs')));
  const state = { submitted: [], sent: [], mails: {}, storeIds: [], keys: undefined, policy: policies[0] };
  const app = (request, response) => answer(request, response, { state, home: application.home, identities });
  const isLoggedIn = ({ headers }) => /\bsession=4711\b/.test(headers.cookie);
  const server = createCrmServer((...exchange) => app(...exchange).catch((error) => fail(exchange[1], error)), isLoggedIn, {
    // The public DNS does not know these names, and 127.0.0.2 stands for a company's own CA.
    resolve: async () => [{ address: outside.host }],
    alsoAllowed: (address, port) => address === outside.host && port === outside.port,
  });
  await listen(server, '127.0.0.1');
  return {
    state,
    policies,
    home: application.home,
    identities,
    authority: outside.authority,
    origin: `http://127.0.0.1:${server.address().port}`,
    async close() {
      for (const one of [server, outside.server]) one.close().closeAllConnections();
      await Promise.all([identities.remove(), application.remove(), outside.authority.remove()]);
    },
  };
}

/** Installs the package, writes the samples beside each other, and runs their build. */
async function build(samples) {
  const { home, remove } = await installTarball();
  await mkdir(join(home, 'src'));
  for (const [name, code] of Object.entries(samples)) await writeFile(join(home, 'src', name), code);
  await copyFile(path('docs/examples/relay.mjs'), join(home, 'src', 'relay.mjs'));
  const pages = Object.keys(samples).filter((name) => name.endsWith('.js') && name !== 'trusted-types.js');
  const imports = pages.map((name, at) => `import * as sample${at} from './${name}';`);
  const all = pages.map((name, at) => `...sample${at}`);
  const main = [
    "import './trusted-types.js';",
    "import * as smime from 'smime-wasm';",
    ...imports,
    `globalThis.crm = { ...smime, ${all.join(', ')} };`,
  ];
  await writeFile(join(home, 'src', 'main.js'), main.join('\n'));
  await symlink(path('www/node_modules/esbuild'), join(home, 'node_modules', 'esbuild'));
  await copyFile(join(home, 'src', 'build.mjs'), join(home, 'build.mjs'));
  await run(process.execPath, ['build.mjs'], { cwd: home });
  return { home, remove };
}

/** An authority whose certificates point to a server of its own on this machine. */
async function serveAuthority() {
  const host = '127.0.0.2';
  let authority;
  const types = { '/issuer.cer': 'application/pkix-cert', '/': 'application/ocsp-response' };
  const server = createServer(async (request, response) => {
    const found = await whatIsAt(authority.folder, `http://${request.headers.host}${request.url}`, await bodyOf(request));
    response.setHeader('Content-Type', types[request.url] ?? 'application/pkix-crl').end(found);
  });
  await listen(server, host);
  const { port } = server.address();
  authority = await makeAuthority({ port });
  return { server, authority, host, port };
}

const listen = (server, host) => new Promise((started) => server.listen(0, host, started));

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function fail(response, error) {
  response.writeHead(error.code === 'ENOENT' ? 404 : 500).end(String(error));
}

async function answer(request, response, { state, home, identities }) {
  const { pathname, searchParams } = new URL(request.url, 'http://crm');
  const body = await bodyOf(request);
  const send = (type, content, headers) =>
    response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': state.policy, ...headers }).end(content);
  const [, area, ...names] = pathname.split('/');
  const name = names.at(-1);

  if (pathname === '/') return send('text/html', index, { 'Set-Cookie': 'session=4711; HttpOnly; SameSite=Lax' });
  if (pathname === '/icon') return response.writeHead(204).end();
  // A page of another site, to be opened as localhost.
  if (pathname === '/portal') {
    const frame = `<iframe src="http://127.0.0.1:${request.socket.localPort}/"></iframe>`;
    return response.setHeader('Content-Type', 'text/html').end(`<!doctype html><link rel="icon" href="/icon">${frame}`);
  }
  if (area === 'assets') {
    const policy = state.scriptPolicy ?? state.policy;
    const content = await readFile(join(home, 'dist', 'assets', name));
    return send(types[extname(name)], content, { 'Content-Security-Policy': policy });
  }
  if (area === 'files') return send('application/octet-stream', await readFile(join(identities.folder, name)));

  switch (`${request.method} /${pathname.split('/').slice(1, 3).join('/')}`) {
    case 'PUT /api/store-id':
      state.storeIds.push(String(body));
      return send('text/plain');
    case 'POST /api/submit':
      state.submitted.push({ from: searchParams.get('from'), to: searchParams.getAll('to'), message: body });
      return send('text/plain');
    case 'POST /api/sent':
      state.sent.push(body);
      return send('text/plain');
    case 'GET /api/mails':
      return send('message/rfc822', state.mails[name]);
    case 'GET /api/keys':
      if (!state.keys) return response.writeHead(404).end();
      return send('application/octet-stream', state.keys, { ETag: etag(state.keys) });
    case 'PUT /api/shared':
      state.mails[name] = body;
      return send('text/plain');
    case 'GET /api/shared':
      return send('application/octet-stream', state.mails[name]);
    case 'PUT /api/keys': {
      const expected = state.keys ? { 'if-match': etag(state.keys) } : { 'if-none-match': '*' };
      const [[field, value]] = Object.entries(expected);
      if (request.headers[field] !== value) return response.writeHead(412).end();
      state.keys = body;
      return send('text/plain');
    }
    case 'GET /api/key':
      return send('application/x-pem-file', await readFile(join(identities.folder, 'alice.pem')));
    case 'POST /api/key':
      return send('application/octet-stream', await useKey(name, searchParams, body, identities.folder));
    default:
      return response.writeHead(404).end();
  }
}

const etag = (bytes) => `"${createHash('sha256').update(bytes).digest('hex')}"`;

/** Alice's key, on the server. */
async function useKey(operation, parameters, body, folder) {
  const key = join(folder, 'alice.key');
  if (operation === 'sign') return sign(parameters.get('digest').replace('-', ''), body, await readFile(key));
  const file = join(folder, 'encrypted-key');
  await writeFile(file, body);
  const options = ['-decrypt', '-inkey', key, '-in', file, '-pkeyopt', 'rsa_padding_mode:pkcs1'];
  return (await run('openssl', ['pkeyutl', ...options], { encoding: 'buffer' })).stdout;
}
