// What the test of bad input does on a page: every method with everything that is wrong.

import { composeMessage, encrypt, importP12, sign } from '/smime-wasm/index.js';
import { openMailer, SmimeError } from '/smime-wasm/mailer.js';

import { inputs, opening } from './inputs.js';
import { sender } from './sending.js';
import { accounts, certificateOf, file, passphrase } from './tab.js';

const nothing = () => {};
const text = 'no such thing';
const bytes = (length = 8) => new Uint8Array(length).fill(7);

/** A value of each type. */
const samples = {
  null: null,
  number: 7.5,
  string: text,
  flag: true,
  object: {},
  list: [],
  function: nothing,
  date: new Date(NaN),
  bytes: bytes(),
  symbol: Symbol('no'),
  bigint: 7n,
};

const NESTED = ['null', 'number', 'string', 'flag', 'object', 'list', 'function', 'bytes'];

/**
 * For each kind of option the samples that may be right, and more that is wrong. `items` are those of a
 * list that may be right.
 */
const kinds = {
  signal: { more: [new EventTarget()] },
  limits: { right: ['object'], more: [{ speed: 1 }, { inputBytes: 'many' }, { inputBytes: -1 }, { inputBytes: null }] },
  date: {},
  function: { right: ['function'] },
  flag: { right: ['flag'] },
  text: { right: ['string'] },
  known: { right: ['string', 'null'] },
  name: { right: ['string'], more: [''] },
  choice: {},
  // Whatever it is, there is a text.
  language: { right: Object.keys(samples) },
  secret: { right: ['string', 'bytes'] },
  bytes: { right: ['bytes'] },
  structure: { right: ['string', 'bytes'] },
  count: { more: [-1, NaN, Infinity] },
  span: { more: [-1, NaN, Infinity, 0, 900, 1e12] },
  counts: { right: ['list'], more: [[-1], [NaN], [1.5]] },
  address: { more: ['a@b@c', { address: 'no address' }, { address: 'a@example.com', color: 'red' }] },
  addresses: { right: ['list'], more: [['a@b@c'], [{ address: 7 }]] },
  // As it is typed: it may be none yet.
  typed: { right: ['list'], items: ['string'], more: [[{ address: 7 }]] },
  person: { more: [{ address: 7 }, { address: 'a@example.com', color: 'red' }] },
  people: { right: ['list'], more: [[{ address: 'a\r\nBcc: b@example.com' }]] },
  hosts: { right: ['list'], more: [['a b'], ['@']] },
  texts: { right: ['list'], items: ['string'] },
  objects: { right: ['list'], more: [[{ color: 'red' }]] },
  bytesList: { right: ['list'], items: ['bytes'] },
  certificates: { right: ['list'], items: ['bytes'], more: [[{ certificate: text }], [{ certificate: bytes(), color: 'red' }]] },
  certificate: { right: ['bytes'] },
  members: {
    right: ['list'],
    more: [[{ certificate: text }], [{ certificate: bytes() }], [{ certificate: bytes(), color: 'red' }], [{ name: 'Bob' }]],
  },
  identities: { right: ['list'], more: [[{ external: 0 }], [{ certificate: bytes(), chain: [], secret: bytes(32), external: 0 }]] },
  iterable: { right: ['list', 'bytes'] },
  device: { right: ['flag'] },
  passkey: { right: ['flag', 'object'], more: [{ id: 7 }, { color: 'red' }, { id: '%%%' }] },
  seal: {
    more: [
      { passphrase: '' },
      { passphrase: 7 },
      { passphrase: null },
      { passphrase, device: true },
      { passphrase, color: 'red' },
      { device: false },
      { device: 'yes' },
      { passkey: {} },
      { passkey: { id: 7 } },
      { passkey: { id: 'AAAA', color: 'red' } },
      { passkey: { credential: bytes(), output: bytes(32) } },
    ],
  },
  assign: {
    more: [
      { addresses: [] },
      { addresses: text },
      { addresses: [7] },
      { addresses: ['no address'] },
      { domains: ['a b'] },
      { domains: ['example.com'], by: 7 },
      { domains: ['example.com'], color: 'red' },
    ],
  },
  values: {
    right: ['object'],
    more: [
      { color: 'red' },
      { alwaysSign: 'yes' },
      { alwaysSign: true, encrypt: 'sometimes' },
      { lockAfter: -1 },
      { lockAfter: 1 },
      { remindDays: ['soon'] },
      { archiveRecipients: ['no certificate'] },
      { archiveRecipients: [{}] },
      { alwaysSign: nothing },
    ],
  },
  accounts: {
    right: ['list'],
    more: [[{ address: 'a@example.com', kind: 'group' }], [{ address: 'a@example.com', color: 'red' }],
      [{ address: 'a@example.com', aliases: text }], [{ address: 'a@example.com', aliases: [7] }],
      [{ address: 'erika' }], [{ address: 'erika@example.com ' }], [{ address: 'Erika <a@example.com>' }], [{ address: '' }],
      [{ address: 'a@example.com', aliases: ['erika'] }], [{ address: 'a@example.com', name: 7 }]],
  },
  policy: {
    right: ['object', 'null'],
    more: [{ color: { value: true } }, { alwaysSign: true }, { alwaysSign: { locked: true } }, { alwaysSign: { value: 'yes' } },
      { alwaysSign: { value: true, locked: 'yes' } }, { alwaysSign: { value: true, color: 'red' } }],
  },
  anchors: { right: ['list'], items: ['bytes'], more: ['everybody', [{ certificate: text }], [{ color: 'red' }]] },
  sync: { more: [{ pull: nothing }, { push: nothing }, { pull: nothing, push: 7 }] },
  offer: { more: [{ certificate: bytes() }, { certificate: {}, issuers: [], address: text }] },
};

const LONG = 10_000_000;
const MANY = 100_000;

/** What is too large, by kind. */
const oversized = {
  text: () => ['x'.repeat(LONG)],
  name: () => [],
  choice: () => ['x'.repeat(LONG)],
  secret: () => ['x'.repeat(LONG)],
  address: () => [`${'x'.repeat(LONG)}@example.com`],
  addresses: () => [Array(MANY).fill('bob@example.com'), [`${'x'.repeat(LONG)}@example.com`]],
  typed: () => [Array(MANY).fill('b'), [`${'x'.repeat(LONG)}@example.com`]],
  people: () => [Array(MANY).fill({ address: 'bob@example.com' })],
  person: () => [{ address: `${'x'.repeat(LONG)}@example.com` }],
  hosts: () => [Array(MANY).fill('example.com'), ['x'.repeat(LONG)]],
  counts: () => [Array(MANY).fill(7)],
  texts: () => [Array(MANY).fill(text), ['x'.repeat(LONG)]],
  objects: ({ p12 }) => [Array(MANY).fill({ data: p12 })],
  bytesList: () => [Array(MANY).fill(bytes())],
  certificates: ({ bob }) => [Array(MANY).fill(bob)],
  members: ({ bob }) => [
    Array(MANY).fill({ certificate: bob }),
    [{ name: 'x'.repeat(LONG), certificate: bob }],
  ],
  identities: ({ identity }) => [Array(MANY).fill(identity)],
  limits: () => [Object.fromEntries(Array.from({ length: MANY }, (_, at) => [`n${at}`, 1]))],
  seal: () => [{ passphrase: 'x'.repeat(LONG) }],
  passkey: () => [{ id: 'A'.repeat(LONG) }],
  accounts: () => [Array(MANY).fill({ address: 'alice@example.com' })],
  policy: () => [{ archiveRecipients: { value: Array(MANY).fill('0'.repeat(64)) } }],
  anchors: ({ bob }) => [Array(MANY).fill(bob)],
  assign: () => [
    { addresses: Array(MANY).fill('bob@example.com') },
    { domains: ['example.com'], by: 'x'.repeat(LONG) },
  ],
  values: () => [
    { archiveRecipients: Array(MANY).fill('0'.repeat(64)) },
    { remindDays: Array(MANY).fill(7) },
    Object.fromEntries(Array.from({ length: MANY }, (_, at) => [`n${at}`, 1])),
    { encrypt: 'x'.repeat(LONG) },
  ],
};

/** Options that are right. */
const right = {
  openMailer: () => ({ accounts }),
  storage: () => ({}),
  importP12: ({ p12 }) => ({ files: [{ data: p12, password: 'secret' }], seal: { passphrase } }),
  backup: () => ({ passphrase }),
  restore: ({ backup }) => ({ data: backup, passphrase }),
  sync: () => ({ passphrase }),
  identities: () => ({}),
  certificates: () => ({ filter: 'bob' }),
  certificate: ({ bobId }) => ({ id: bobId }),
  checkCertificate: ({ bobId }) => ({ id: bobId }),
  importCertificates: ({ der }) => ({ data: der, assign: { domains: ['example.com'] } }),
  setTrust: ({ bobId }) => ({ id: bobId, trust: 'trusted' }),
  exportCertificate: ({ bobId }) => ({ id: bobId, format: 'der' }),
  exportP12: ({ aliceId }) => ({ id: aliceId, password: 'secret' }),
  removal: ({ bobId }) => ({ id: bobId }),
  removeCertificate: ({ bobId }) => ({ id: bobId }),
  removeIdentity: ({ aliceId }) => ({ id: aliceId }),
  trustAnchors: () => ({}),
  reminders: () => ({ days: [30] }),
  unlock: () => ({ passphrase }),
  lockState: () => ({}),
  createPasskey: () => ({ name: 'alice@example.com' }),
  changePassphrase: () => ({ passphrase, newPassphrase: passphrase }),
  addUnlock: ({ aliceId }) => ({ id: aliceId, seal: { passphrase: 'another one' } }),
  removeUnlock: ({ aliceId, way }) => ({ id: aliceId, way }),
  renewKey: ({ aliceId }) => ({ id: aliceId, seal: { passphrase } }),
  recipients: () => ({ from: 'alice@example.com', to: ['bob@example.com'] }),
  protect: ({ message }) => ({ message, sign: true }),
  protectDraft: ({ message }) => ({ message, from: 'alice@example.com' }),
  protectMany: ({ message }) => ({ messages: [{ message }] }),
  requestCertificate: () => ({ from: { address: 'alice@example.com' }, to: [{ address: 'bob@example.com' }] }),
  settings: () => ({ account: 'alice@example.com' }),
  changeSettings: () => ({ values: { encrypt: 'always' } }),
  addRecipients: ({ encrypted, bob }) => ({ message: encrypted, recipients: [bob] }),
  removeRecipients: ({ encrypted, bob }) => ({ message: encrypted, recipients: [bob] }),
  readdressMany: ({ encrypted, bob }) => ({ messages: [{ id: 1, message: encrypted }], add: [bob] }),
  open: ({ encrypted }) => ({ message: encrypted }),
  openMany: ({ encrypted }) => ({ messages: [{ message: encrypted }] }),
  archive: ({ encrypted }) => ({ message: encrypted }),
  checkArchived: ({ evidence }) => ({ evidence }),
  acceptCertificate: ({ offer }) => ({ offer }),
  'sharedAccounts.create': ({ shared, aliceId, bob }) => ({
    account: shared.account,
    administrator: aliceId,
    ids: shared.ids,
    members: [{ name: 'Bob', certificate: bob }],
  }),
  'sharedAccounts.inspect': ({ shared }) => ({ data: shared.data }),
  'sharedAccounts.accept': ({ shared }) => ({ data: shared.data }),
  'sharedAccounts.list': () => ({}),
  'sharedAccounts.addMembers': ({ shared, bob }) => ({ account: shared.account, members: [{ certificate: bob }] }),
  'sharedAccounts.removeMembers': ({ shared, bob }) => ({ account: shared.account, members: [bob] }),
  'sharedAccounts.replaceIdentities': ({ shared: { account, ids } }) => ({ account, ids }),
  'sharedAccounts.memberKey': () => ({}),
  'sharedAccounts.createMemberKey': () => ({ seal: { passphrase }, name: 'Alice' }),
  classify: ({ message }) => ({ headers: message }),
};

/** The methods of an object and of the objects it has, by their paths. */
export function methodsOf(object, path = '') {
  const names = [object, Object.getPrototypeOf(object)]
    .filter((one) => one !== Object.prototype)
    .flatMap((one) => Object.getOwnPropertyNames(one))
    .filter((name) => name !== 'constructor');
  return names.flatMap((name) => {
    const value = object[name];
    if (typeof value === 'function') return [path + name];
    const isSpace = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isSpace ? methodsOf(value, `${path}${name}.`) : [];
  });
}

export async function begin() {
  const cloud = {};
  const sync = {
    pull: async () => cloud.file,
    push: async ({ data }) => void (cloud.file = { data, version: (cloud.file?.version ?? 0) + 1 }),
  };
  const policy = { harvest: { value: 'ask' } };
  const mailer = await sender({ own: ['alice', 'dave'], known: ['bob'], policy, sync });
  const { entries } = await mailer.certificates();
  const idOf = (address) => entries.find(({ addresses }) => addresses.includes(address)).id;
  const carol = (await importP12({ data: await file('carol.p12'), password: 'secret' })).identities[0];
  const compose = (from) =>
    composeMessage({ from: { address: from }, to: [{ address: 'bob@example.com' }], subject: 'Tea', text: 'at five' });
  const message = await compose('alice@example.com');
  const signed = await sign({ message: await compose('carol@example.com'), signers: [carol] });
  const [bob, alice] = [await certificateOf('bob'), await certificateOf('alice')];
  const own = (await mailer.identities()).find(({ id }) => id === idOf('alice@example.com'));
  const shared = { account: 'dave@example.com', ids: [idOf('dave@example.com')] };
  const members = [{ certificate: alice }, { certificate: bob }];
  shared.data = (await mailer.sharedAccounts.create({ ...shared, administrator: own.id, members })).data;
  await mailer.sync({ passphrase });
  const given = {
    p12: await file('bob.p12'),
    der: await file('carol.der'),
    backup: (await mailer.backup({ passphrase })).data,
    aliceId: idOf('alice@example.com'),
    bobId: idOf('bob@example.com'),
    way: own.ways[0].id,
    shared,
    message,
    bob,
    identity: carol,
    encrypted: await encrypt({ message, recipients: [alice] }),
    evidence: (await mailer.archive({ message: signed })).evidence,
    offer: (await mailer.open({ message: signed })).offered[0],
  };
  // Opening one is held to the same.
  return { mailer, opener: { openMailer }, given };
}

/** Every call of a method that has to be refused: what is wrong with it, and its options. */
export function* wrongCalls(method, given) {
  const kindsOf = method === 'openMailer' ? opening : inputs[method];
  if (kindsOf === undefined) return;
  const good = right[method](given);
  for (const name of NESTED.filter((name) => name !== 'object')) yield [`options ${name}`, samples[name]];
  const others = new Set(Object.values(inputs).flatMap((one) => Object.keys(one ?? {})));
  const ofThePackage = ['color', 'database', 'accounts', 'trustAnchors', 'policy', 'worker', 'sessionKey', 'fetch', 'cache', 'whole'];
  for (const name of [...ofThePackage, ...others]) {
    if (!Object.hasOwn(kindsOf, name)) yield [`unknown ${name}`, { ...good, [name]: samples.list }, 'usage/unknown-option'];
  }
  for (const [name, declared] of Object.entries(kindsOf)) {
    if (declared.endsWith('!')) {
      const { [name]: left, ...rest } = good;
      yield [`without ${name}`, rest, /^usage\/(missing|wrong)-option$/];
    }
    const { right: admitted = [], items, more = [] } = kinds[declared.replace('!', '')];
    for (const [type, value] of Object.entries(samples)) {
      if (!admitted.includes(type)) yield [`${name} ${type}`, { ...good, [name]: value }, /^(usage|malformed)\//];
      const isList = admitted.includes('list') && !['iterable', 'language', 'counts'].includes(declared.replace('!', ''));
      if (isList && !(items ?? []).includes(type)) {
        yield [`${name} [${type}]`, { ...good, [name]: [value] }, /^(usage|malformed)\//];
      }
    }
    for (const [at, value] of more.entries()) yield [`${name} more ${at}`, { ...good, [name]: value }];
  }
}

/** Every call of a method that is too large. */
export function* largeCalls(method, given) {
  const kindsOf = method === 'openMailer' ? opening : inputs[method];
  if (kindsOf === undefined) return;
  const good = right[method](given);
  for (const [name, declared] of Object.entries(kindsOf)) {
    const kind = declared.replace('!', '');
    if (kind === 'bytes' && good[name]) {
      yield [`${name} over limits`, { ...good, limits: { inputBytes: 4 } }, 'limit/input-bytes'];
    }
    for (const [at, value] of (oversized[kind]?.(given) ?? []).entries()) {
      yield [`${name} large ${at}`, { ...good, [name]: value }];
    }
  }
}

/** The right options, if it has any. */
export const rightCall = (method, given) => right[method]?.(given);

/**
 * Calls a method: the code that it answers with, `done` if it does what it is asked, or in words what an
 * answer must not be.
 */
export async function outcome(mailer, method, options) {
  const path = method.split('.');
  const name = path.pop();
  const space = path.reduce((object, name) => object[name], mailer);
  let answer;
  try {
    answer = space[name](options);
  } catch (error) {
    return `threw at once: ${error}`;
  }
  try {
    if (typeof answer?.[Symbol.asyncIterator] === 'function') {
      const found = [];
      for await (const one of answer) found.push(one);
      answer = found;
    } else if (!(answer instanceof Promise)) {
      return 'gave no promise';
    }
    const value = await answer;
    const failed = Array.isArray(value) ? value.find(({ error } = {}) => error) : undefined;
    if (failed) throw failed.error;
    return 'done';
  } catch (error) {
    return error instanceof SmimeError ? error.code : `no SmimeError: ${error?.stack ?? error}`;
  }
}

/**
 * Calls a method in every wrong way: what is to be said against the answers, all codes with the calls that
 * have them, and what came of the call with right options, after which the database is put back.
 */
export async function refusals({ mailer, opener, given }, method) {
  const called = method in opener ? opener : mailer;
  const [kept, before] = [await records(), await dump()];
  const faults = [];
  const answers = {};
  const calls = [...wrongCalls(method, given), ...largeCalls(method, given)];
  const good = rightCall(method, given);
  if (inputs[method]?.signal) calls.push(['aborted', { ...good, signal: AbortSignal.abort() }, 'aborted']);
  for (const [what, options, expected] of calls) {
    const code = await outcome(called, method, options);
    const isExpected = typeof expected === 'object' ? expected.test(code) : code === (expected ?? code);
    if (!isExpected) faults.push(`${what}: ${code}, not ${expected}`);
    (answers[code] ??= []).push(what);
    if ((await dump()) !== before) {
      faults.push(`${what}: ${code}, and the database has changed`);
      await putBack(kept);
    }
  }
  const right = good && (await outcome(called, method, good));
  if (good) await putBack(kept);
  return { faults, answers, right };
}

/** All records of the database, but for when it locks. */
export async function dump() {
  const tables = await records();
  tables.meta = tables.meta.filter(({ id }) => id !== 'lock' && id !== 'session');
  return JSON.stringify(tables, (key, value) =>
    ArrayBuffer.isView(value) ? Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).join() : value,
  );
}

/** All records of the database. */
export const records = () =>
  withTables('readonly', async (table) => settle(table.getAll()));

/** Puts the database back. */
export const putBack = (tables) =>
  withTables('readwrite', async (table) => {
    await settle(table.clear());
    for (const row of tables[table.name]) await settle(table.put(row));
  });

async function withTables(mode, work) {
  const db = await settle(indexedDB.open('smime-wasm'));
  try {
    const names = [...db.objectStoreNames];
    const transaction = db.transaction(names, mode);
    const found = await Promise.all(names.map(async (name) => [name, await work(transaction.objectStore(name))]));
    return Object.fromEntries(found);
  } finally {
    db.close();
  }
}

const settle = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
