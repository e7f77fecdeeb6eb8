// The sentences of smime-wasm/texts: none is missing, each names details there are, and what stands in a
// detail can't get out of its place.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { catalogue, explain, label, languages, replyText } from 'smime-wasm/texts';

import { fallbacks, labels, replies, words } from '../../www/package/catalogue.js';

process.env.TZ = 'Europe/Berlin';

const root = new URL('../../', import.meta.url);
const read = (path) => readFile(new URL(path, root), 'utf8');
const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found);
const placeholders = (text) => [...text.matchAll(/\{(\w+)(?::(\w+))?\}/g)].map(([, name, format]) => ({ name, format }));
const tags = Object.keys(languages);

test('every code has a sentence in every language, and every sentence a code', async () => {
  const types = await read('pkg/index.d.ts');
  const codes = ['ErrorCode', 'ProblemCode', 'StateCode'].flatMap((union) =>
    matches(types.match(new RegExp(`type ${union} =[^;]*;`))[0], /'([^']+)'/g),
  );
  const store = (await read('www/package/store.js')) + (await read('www/package/indexeddb.js'));
  const backend = matches(store, /SmimeError\(\s*'(store\/[a-z-]+)'/g);
  assert.ok(codes.length > 100 && backend.length > 4, 'the codes are no longer found');
  assert.deepEqual(Object.keys(catalogue).sort(), [...new Set([...codes, ...backend])].sort());
});

test('every sentence is one, with its details and without', () => {
  const values = { number: 1_234, time: new Date('2026-03-05T09:30:00Z'), list: ['a@example.com'], text: 'example' };
  for (const code of Object.keys(catalogue)) {
    const named = [...new Set(placeholders(catalogue[code].en).map(({ name }) => name))];
    for (const kind of [undefined, ...Object.values(values)]) {
      for (const tag of tags) {
        const details = Object.fromEntries(named.map((name) => [name, kind]));
        const said = explain({ code, details }, tag);
        assert.match(said, /^\p{Lu}.*[.?!]$/u, `${code}: ${said}`);
        assert.doesNotMatch(said, /[[\]{}<>]|\.\.| {2}| [,;:]| \.(?: |$)|undefined|null|NaN|\[object/, `${code}: ${said}`);
      }
    }
  }
});

test('R5: every badge, lock and help has a few words too', async () => {
  const words = async (file, type) =>
    matches((await read(file)).match(new RegExp(`type ${type} =[^;]*;`))[0], /'([^']+)'/g);
  const states = await words('pkg/index.d.ts', 'StateCode');
  const helps = await words('pkg/mailer.d.ts', 'Help');
  assert.deepEqual(Object.keys(labels).sort(), [...states, ...helps].sort());
  assert.equal(label('lock/encrypted', 'de-AT'), 'Verschlüsselt');
  assert.equal(label('lock/encrypted'), 'Encrypted');
  for (const other of ['path/expired', '__proto__', undefined, null]) assert.equal(label(other), '');
});

test('R9: there is a reply for mail to a shared account without a key, and for nothing else', () => {
  const problem = { code: 'decrypt/shared-without-key', details: { account: 'info@example.com' } };
  assert.match(replyText(problem, 'de'), /^Guten Tag,\n\n[^]*Postfach info@example\.com kann[^]*Mit freundlichen Grüßen$/);
  assert.match(replyText({ ...problem, details: {} }, 'en'), /^Hello,\n\n[^]*our shared mailbox cannot[^]*Kind regards$/);
  for (const other of [{ code: 'path/expired' }, undefined, { code: 'toString' }]) assert.equal(replyText(other, 'en'), '');
});

test('no sentence stops at “invalid”', () => {
  for (const [code, sentence] of Object.entries(catalogue)) {
    for (const tag of tags) assert.doesNotMatch(sentence[tag], /invalid|ungültig/i, code);
  }
});

test('the languages say the same: they have the same details in the same formats', () => {
  const all = { ...catalogue, ...fallbacks, ...labels, ...replies };
  for (const [code, sentence] of Object.entries(all)) {
    assert.deepEqual(Object.keys(sentence), tags, code);
    const [first, ...others] = tags.map((tag) => placeholders(sentence[tag]).map((place) => JSON.stringify(place)).sort());
    for (const other of others) assert.deepEqual(other, first, code);
  }
  for (const choices of Object.values(words)) {
    for (const [value, word] of Object.entries(choices)) assert.deepEqual(Object.keys(word), tags, value);
  }
});

test('every detail that a sentence names is one the core gives, and every format exists', async () => {
  const sources = await rustSources();
  const formats = ['name', 'algorithm', 'bytes', 'time', ...Object.keys(words)];
  for (const [code, { en }] of Object.entries(catalogue)) {
    const given = detailsOf(code, sources);
    for (const { name, format } of placeholders(en)) {
      assert.ok(given.has(name), `${code} has no detail ${name}`);
      if (format) assert.ok(formats.includes(format), `${code}: ${format}`);
    }
  }
});

test('the words for reasons, limits and the like are those the core has', async () => {
  const sources = await rustSources();
  const all = [...sources.values()].join('\n');
  for (const choices of Object.values(words)) {
    for (const value of Object.keys(choices)) assert.ok(all.includes(`"${value}"`), value);
  }
  const named = (path, pattern) => matches(sources.get(path), pattern);
  const reasons = ['src/message/sign.rs', 'src/message/encrypt.rs'].flatMap((path) => named(path, /refused\("([^"]+)"\)/g));
  assert.deepEqual(reasons.filter((reason) => !words.certificate[reason]), []);
  const failures = named('src/message/trust/fetcher.rs', /fail\(url, "([^"]+)"\)/g);
  const limits = named('src/path/session.rs', /Spent::\w+ => \("(\w+)"/g);
  assert.ok(reasons.length > 4 && failures.length > 4 && limits.length > 3, 'they are no longer found');
  assert.deepEqual(failures.filter((failure) => !words.fetch[failure]), []);
  assert.deepEqual(limits.filter((limit) => !words.limit[limit]), []);
});

test('names, dates, sizes and lists are written as people write them', () => {
  const details = { subject: 'CN=Max Mustermann\\, Dr.,O=Muster \\c3\\a4 AG,C=DE', notAfter: new Date('2024-03-02T23:30:00Z') };
  assert.match(explain({ code: 'path/expired', details }, 'de'), /^Das Zertifikat von „Max Mustermann, Dr\.“ ist am 3\. März 2024 abgelaufen\./);
  assert.match(explain({ code: 'path/expired', details }, 'en-GB'), /^The certificate of “Max Mustermann, Dr\.” expired on 3 March 2024\./);
  const organization = { ...details, subject: 'O=Muster \\c3\\a4 AG,C=DE' };
  assert.match(explain({ code: 'path/expired', details: organization }, 'de_DE'), /„Muster ä AG“/);

  const size = { code: 'limit/input-bytes', details: { required: 300 << 20, allowed: 256 << 20 } };
  assert.equal(explain(size, 'de'), 'Die Datei oder Mail ist zu groß; die Grenze liegt bei 256 MB.');
  const budget = { code: 'path/budget', details: { limit: 'pathSteps', allowed: 5_000 } };
  assert.match(explain(budget, 'en'), /the limit for certificates tried is reached \(5,000\)\.$/);
  assert.match(explain({ ...budget, details: { limit: 'pathNew', allowed: 5 } }, 'en'), /it took too much \(5\)\.$/);

  const addresses = ['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com', 'e@example.com'];
  const mismatch = { code: 'author/mismatch', details: { from: 'x@example.org', addresses } };
  assert.match(explain(mismatch, 'de'), /Die Absenderadresse x@example\.org .* für a@example\.com, b@example\.com, c@example\.com und 2 weitere gilt/);
  assert.match(explain({ ...mismatch, details: { from: 'x@example.org', addresses: [] } }, 'en'), /certificate\. The mail/);
  assert.match(explain({ code: 'revocation/revoked', details: { reason: 'unspecified' } }, 'en'), /was revoked\. It/);
});

test('a detail stays where it stands: direction, controls, quotations, templates, length', () => {
  const said = (subject) => explain({ code: 'path/expired', details: { subject } }, 'en');
  const plain = (subject) => /“([^”]*)”/.exec(said(subject))?.[1];
  assert.equal(plain('CN=a\u202e\u2066\u200fb\u0000\u0085\u2028\r\nc\u061c\u00ad'), 'ab c');
  assert.equal(plain('CN=Max” is fine. “Really'), 'Max’ is fine. ’Really');
  assert.equal(plain('CN=[{notAfter}] {subject} $& $1 <b>'), '[{notAfter}] {subject} $& $1 <b>');
  assert.equal(plain('CN=\u05d0\u05d1'), '\u2068\u05d0\u05d1\u2069');
  assert.equal(plain('CN=\ud800x'), 'x');
  assert.equal(plain('CN=\\ff\\00x'), '\u2068\ufffd x\u2069');
  assert.equal([...plain(`CN=${'😀'.repeat(5_000)}`)].length, 102);
  for (const subject of ['', 'CN=\u202e', 7n, {}, Symbol('x'), () => {}, NaN, new Date(NaN), [{}], null]) {
    assert.match(said(subject), /^The certificate expired\./);
  }
});

test('a code newer than the catalogue, an error of the browser and nonsense have a sentence too', () => {
  assert.equal(explain({ code: 'path/new', details: {} }, 'de'), 'Hinweis ohne Erklärung (Kennung path/new).');
  assert.equal(explain(Object.assign(new Error('x'), { code: 'new/error' }), 'en'), 'This did not work (code new/error).');
  assert.equal(explain(new TypeError('Failed to fetch'), 'en'), 'This did not work: Failed to fetch.');
  assert.equal(explain(new DOMException('', 'AbortError'), 'de'), 'Abgebrochen.');
  assert.match(explain({ code: 'aborted' }, 'fr'), /^Cancelled/);
  for (const nonsense of [undefined, null, 'path/expired', 7, {}, { code: '__proto__' }, { code: 'toString' }]) {
    for (const language of [undefined, null, 'de-', 'en-x-', '__proto__', 7]) {
      assert.match(explain(nonsense, language), /^\p{L}.*\.$/u);
    }
  }
});

/** Every source of the core, by its path. */
async function rustSources() {
  const names = await readdir(fileURLToPath(new URL('src/', root)), { recursive: true });
  const paths = names.filter((name) => name.endsWith('.rs')).map((name) => `src/${name.replaceAll('\\', '/')}`);
  return new Map(await Promise.all(paths.map(async (path) => [path, await read(path)])));
}

/**
 * The names of the details a code comes with: of an error as error.rs lists them, of a problem those set in
 * the files that make it.
 */
function detailsOf(code, sources) {
  const error = sources.get('src/error.rs');
  if (code.startsWith('limit/')) return new Set(['required', 'allowed']);
  const [, variant] = error.match(new RegExp(`Error::(\\w+)[^\\n]* => "${code}"`)) ?? [];
  if (variant) {
    const fields = error.match(new RegExp(`\\n    ${variant} \\{([^}]*)\\n    \\}`))?.[1] ?? '';
    return new Set(matches(fields, /^ +(\w+):/gm));
  }
  const [, problem] = error.match(new RegExp(`(\\w+) => "${code}"`)) ?? [];
  const makers = [...sources].filter(([path, text]) => path !== 'src/error.rs' && text.includes(`ProblemCode::${problem}`));
  const given = makers.flatMap(([, text]) => matches(text, /\.with(?:_text)?\(\s*"(\w+)"/g));
  // Whom it is about, which `path` says of every certificate.
  return new Set(/^(path|revocation)\//.test(code) ? [...given, 'subject'] : given);
}
