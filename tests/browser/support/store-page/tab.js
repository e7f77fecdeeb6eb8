// What the tests of the store do on a page.

import { externalIdentity, importP12, parseCertificates, sign } from '/smime-wasm/index.js';
import { openStore } from '/smime-wasm/store.js';

export { openStore };

export const passphrase = 'correct horse battery staple';

const name = 'smime-wasm';

const file = async (name) => new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());

export const importAlice = async (options) =>
  importP12({ data: await file('alice.p12'), password: 'secret', ...options });

/** Alice's certificate without her key. */
export async function external() {
  const [certificate] = await parseCertificates({ data: await file('alice.der') });
  return externalIdentity({ certificate, sign: () => null });
}

/** Takes seconds. */
export const importSlowly = async () => importP12({ data: await file('slow.p12'), password: 'secret' });

/** Three of them. */
export async function certificates() {
  const lists = ['ca.der', 'alice.der', 'bob.der'].map(async (name) =>
    parseCertificates({ data: await file(name) }));
  return (await Promise.all(lists)).flat();
}

/** `'signed'`, or the code of the error. */
export async function signWith(identity) {
  const message = new TextEncoder().encode('From: alice@example.com\r\n\r\nHello\r\n');
  return code(sign({ message, signers: [identity] }), 'signed');
}

/** The code a promise rejects with, or `fulfilled`. */
export const code = (promise, fulfilled = 'done') =>
  promise.then(() => fulfilled, (error) => error.code ?? String(error));

/** Resolves at the next event. */
export const once = (store, type) =>
  new Promise((resolve) => {
    const off = store.on(type, () => {
      off();
      resolve();
    });
  });

const settle = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** The rows of a table, past the store. */
export const rows = (table) =>
  withDatabase((db) => settle(db.transaction(table).objectStore(table).getAll()));

/** Writes a row past the store. */
export const write = (table, row) =>
  withDatabase((db) => settle(db.transaction(table, 'readwrite').objectStore(table).put(row)));

export const versionAndTables = () => withDatabase((db) => [db.version, [...db.objectStoreNames]]);

export const deleteDatabase = () => settle(indexedDB.deleteDatabase(name)).then(() => {});

/** The database as version 1 of the store left it: by its `createTables`, with rows that it wrote. */
export async function restoreVersion1(database = name) {
  const { version, ...tables } = await (await fetch('/store-page/version-1.json')).json();
  const request = indexedDB.open(database, version);
  request.onupgradeneeded = () => {
    for (const table of ['identities', 'certificates']) {
      const store = request.result.createObjectStore(table, { keyPath: 'id' });
      store.createIndex('addresses', 'addresses', { multiEntry: true });
    }
    request.result.createObjectStore('meta', { keyPath: 'id' });
  };
  const db = await settle(request);
  for (const [table, rows] of Object.entries(tables)) {
    for (const { value, ...row } of rows) {
      const bytes = Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
      await settle(db.transaction(table, 'readwrite').objectStore(table).put({ ...row, value: bytes }));
    }
  }
  db.close();
}

/** What a newer version of the package would do. */
export async function upgrade(version) {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => request.result.createObjectStore('newer');
  (await settle(request)).close();
}

/** A connection that does not close when it is asked to. */
export async function holdDatabase() {
  window.held = await settle(indexedDB.open(name));
}

/** A transaction that does not end before `window.release()`. */
export async function holdTable(table) {
  const db = await settle(indexedDB.open(name));
  const store = db.transaction(table, 'readwrite').objectStore(table);
  let isHeld = true;
  const goOn = () => {
    if (isHeld) store.count().onsuccess = goOn;
    else db.close();
  };
  window.release = () => (isHeld = false);
  await settle(store.count());
  goOn();
}

async function withDatabase(work) {
  const db = await settle(indexedDB.open(name));
  try {
    return await work(db);
  } finally {
    db.close();
  }
}
