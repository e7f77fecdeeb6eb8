// A static server for the demo and the browser tests.
//
//   node www/server.mjs <folder> [port]

import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import { createRelay } from '../docs/examples/relay.mjs';

/** What the demo promises to live with; the tests hold the package to it as well. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  // For the HTML of mails: a frame has the policy of its page.
  "img-src 'self' data:",
  "style-src-attr 'unsafe-inline'",
].join('; ');

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

const types = {
  '.css': 'text/css; charset=utf-8',
  '.eml': 'message/rfc822',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/plain; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.p12': 'application/pkcs12',
  '.pem': 'application/x-pem-file',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Serves folders to this machine only.
 *
 * @param {Record<string, string>} folders  from a path that ends with a slash to the folder behind
 *   it; the longest that fits is taken
 * @param {number} [port]  0, the default, takes any free one
 * @param {string} [policy]  the content security policy, for tests of others than the demo's
 * @param {Record<string, import('node:http').RequestListener>} [routes]  what is no file, by its path
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>}
 */
export async function serve(folders, port = 0, policy = contentSecurityPolicy, routes = {}) {
  const roots = await Promise.all(
    Object.entries(folders).map(async ([prefix, folder]) => [prefix, await realpath(folder)]),
  );
  roots.sort(([a], [b]) => b.length - a.length);

  const server = createServer(async (request, response) => {
    const route = routes[request.url.split('?')[0]];
    if (route) return route(request, response);
    response.setHeader('Content-Security-Policy', policy);
    const file = await find(roots, request).catch(() => undefined);
    const status = { undefined: 404, null: 405 }[file] ?? 200;
    if (status !== 200) {
      return response.writeHead(status, { ...headers, 'Content-Type': types['.txt'] }).end(`${status}\n`);
    }
    response.writeHead(200, {
      ...headers,
      'Content-Type': types[extname(file.path)] ?? 'application/octet-stream',
      'Content-Length': file.size,
    });
    if (request.method === 'HEAD') return response.end();
    return createReadStream(file.path).on('error', () => response.destroy()).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

/** The file a request names: `undefined` if there is none, `null` if the method is not for files. */
async function find(roots, { method, url }) {
  if (method !== 'GET' && method !== 'HEAD') return null;
  const { pathname } = new URL(url, 'http://localhost');
  const path = decodeURIComponent(pathname);
  const [prefix, root] = roots.find(([start]) => path.startsWith(start)) ?? [];
  if (!root || path.includes('\0')) return undefined;
  const wanted = path.endsWith('/') ? `${path}index.html` : path;
  // Dots and links are resolved first, so what is compared is what would be read.
  const file = await realpath(join(root, wanted.slice(prefix.length)));
  const info = await stat(file);
  if (!file.startsWith(root + sep) || !info.isFile()) return undefined;
  return { path: file, size: info.size };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, port = '8080'] = process.argv.slice(2);
  // For the demo's own page alone.
  const relay = createRelay({ authorize: ({ headers: { 'sec-fetch-site': site } }) => site === 'same-origin' });
  try {
    const { origin } = await serve({ '/': folder }, Number(port), contentSecurityPolicy, { '/relay': relay });
    // Passkeys need a name.
    console.log(`The demo is at ${origin.replace('127.0.0.1', 'localhost')} (Ctrl+C ends it)`);
  } catch (error) {
    console.error(error.code === 'EADDRINUSE' ? `Port ${port} is taken; name another with --port` : error.message);
    process.exitCode = 1;
  }
}
