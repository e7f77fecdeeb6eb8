// Who is ready for encrypted mail, in Chromium, beside 10,000 certificates and 200 identities in IndexedDB, and
// beside ten times as many certificates: cold is the first call of a page, with the module to load and a
// database to open; warm is the median of the next ones; both are medians of several starts of the page. Before that,
// what it takes to store 200 identities, and to unlock them by their passphrase.
// `cargo xtask bench` runs this.

import { issue } from '../tests/browser/support/issue.mjs';
import { launchMailer, run } from '../tests/browser/support/mailer-page.mjs';

const others = [10_000, 100_000];
const addresses = 100;
/** Years of keys that somebody had, and those of accounts that were theirs. */
const own = 200;
const starts = 5;
/** In milliseconds, beside the fewer. */
const allowed = { 'call, warm': 100, 'open and first call': 600 };

const { chromium, identities, close } = await launchMailer();
const { folder } = identities;
try {
  // One certificate for each address, all by one authority.
  for (let number = 0; number < addresses; number += 1) {
    await issue(folder, { name: `person-${number}`, addresses: [`person-${number}@example.com`] });
  }
  for (let number = 0; number < own; number += 1) await issue(folder, { name: `own-${number}`, addresses: [`own-${number}@example.com`] });
  const figures = await chromium.page(async (page) => {
    page.setDefaultTimeout(0);
    await run(page, fill, 0, others[0], addresses);
    await page.reload();
    const stored = await run(page, importOwn, own);
    const fewer = await measured(page);
    await run(page, fill, ...others, 0);
    return { stored, fewer, more: await measured(page) };
  });
  const row = (name, ...values) => console.log(name.padEnd(24) + values.map((value) => value.toFixed(1).padStart(10)).join(''));
  console.log(`${own} identities, milliseconds`);
  for (const [name, value] of Object.entries(figures.stored)) row(name, value);
  console.log(`${addresses} addresses beside ${own} identities and ${others.join(' or ')} certificates, milliseconds`);
  for (const [name, value] of Object.entries(figures.fewer)) row(name, value, figures.more[name]);
  const tooMuch = Object.keys(allowed).filter((name) => figures.fewer[name] > allowed[name]);
  if (tooMuch.length > 0) throw new Error(`too much: ${tooMuch.join(', ')}`);
} finally {
  await close();
}

/** The medians of several starts. */
async function measured(page) {
  const all = [];
  for (let start = 0; start < starts; start += 1) {
    await page.reload();
    all.push(await run(page, measure, addresses));
  }
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  return Object.fromEntries(Object.keys(all[0]).map((name) => [name, median(all.map((times) => times[name]))]));
}

/** Stores the people, and others made of one of them: names and serial numbers differ, and no signature holds. */
async function fill({ openStore, aliceMailer, file }, from, to, addresses) {
  const { parseCertificates } = await import('/smime-wasm/index.js');
  // As after a first visit: what a database has before its first mailer is brought into the index, once.
  (await aliceMailer()).close();
  const store = await openStore();
  const add = async (data) => store.addCertificates({ certificates: (await Promise.all(data.map((data) => parseCertificates({ data })))).flat() });
  await add(await Promise.all(Array.from({ length: addresses }, (_, number) => file(`person-${number}.der`))));
  const template = await file('person-10.der');
  const name = new TextEncoder().encode('person-10@');
  const at = template.findIndex((_, index) => name.every((octet, offset) => template[index + offset] === octet));
  for (let first = from; first < to; first += 500) {
    await add(
      Array.from({ length: 500 }, (_, index) => {
        const copy = template.slice();
        copy.set(new TextEncoder().encode(`o${String(first + index).padStart(8, '0')}@`), at);
        return copy;
      }),
    );
  }
  store.close();
}

async function importOwn({ aliceMailer, file, passphrase }, own) {
  const files = [];
  for (let number = 0; number < own; number += 1) files.push({ data: await file(`own-${number}.p12`) });
  const alice = { data: await file('alice.p12') };
  const mailer = await aliceMailer();
  const times = {};
  const timed = async (name, work) => {
    const before = performance.now();
    const found = await work();
    times[name] = performance.now() - before;
    return found;
  };
  const seal = { passphrase };
  await timed('import 1', () => mailer.importP12({ files: [alice], password: 'secret', seal }));
  const results = await timed(`import ${own}`, () => mailer.importP12({ files, password: 'secret', seal }));
  if (results.some(({ error }) => error)) throw new Error('a file was not imported');
  await mailer.lock();
  const { unlocked } = await timed('unlock', () => mailer.unlock({ passphrase }));
  if (unlocked.length !== own + 1) throw new Error(`${unlocked.length} were unlocked`);
  await timed('identities', () => mailer.identities());
  mailer.close();
  return times;
}

async function measure({ aliceMailer }, addresses) {
  const to = Array.from({ length: addresses }, (_, number) => `person-${number}@example.com`);
  const times = [];
  const begin = performance.now();
  const mailer = await aliceMailer();
  const opened = performance.now();
  for (let index = 0; index < 12; index += 1) {
    const before = performance.now();
    const { recipients } = await mailer.recipients({ from: 'alice@example.com', to });
    if (!recipients.every(({ isReady }) => isReady)) throw new Error('somebody is not ready');
    times.push(performance.now() - before);
  }
  const [first, ...rest] = times;
  rest.sort((a, b) => a - b);
  return { 'open and first call': opened - begin + first, 'first call': first, 'call, warm': rest[rest.length >> 1] };
}
