// Makes the application work without a network: all of its files are kept, and nothing else, no mail and no
// key. Each build has a version and a cache of its own; a new one is fetched whole beside the one that runs,
// and takes over when the user says so (updates.js). build.mjs puts in the version and the files.

/* global VERSION, FILES */

const prefix = 'smime-wasm-demo-';
const cacheName = prefix + VERSION;

/** Their addresses. */
const kept = new Set(FILES.map((file) => new URL(file, self.registration.scope).href));

self.addEventListener('install', (event) => {
  const requests = FILES.map((file) => new Request(file, { cache: 'no-cache' }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(requests)));
});

self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

self.addEventListener('message', ({ data }) => {
  if (data?.type === 'take-over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = request.mode === 'navigate' ? pageOf(request.url) : request.url;
  if (request.method === 'GET' && kept.has(url)) event.respondWith(answer(url, request));
});

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== cacheName).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(url, request) {
  const cache = await caches.open(cacheName);
  // The browser may have cleared it.
  return (await cache.match(url)) ?? fetch(request);
}

/** The page of this application, however its address ends. */
function pageOf(url) {
  const { scope } = self.registration;
  return url.split(/[?#]/)[0] === scope ? new URL('index.html', scope).href : url;
}
