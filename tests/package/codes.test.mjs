// docs/CODES.md says what the types and the catalogue of sentences say.
//
// `WRITE_CODES=1 node --test tests/package/codes.test.mjs` writes the page anew.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';

import { catalogue, label } from 'smime-wasm/texts';

const page = new URL('../../docs/CODES.md', import.meta.url);
const types = await readFile(new URL('../../www/package/index.d.ts', import.meta.url), 'utf8');

const introduction = `# Codes

Every code that a call can answer with, and the sentence that \`explain\` of \`smime-wasm/texts\` makes of it.
Details stand here by their names, in braces; a sentence leaves out what has none. The page is generated from the types and the catalogue by
\`WRITE_CODES=1 node --test tests/package/codes.test.mjs\`; the same test fails where they differ.
`;

/**
 * What a problem does to the answer it stands in, by its code or the part before the slash; the longest
 * that fits counts.
 */
const effects = {
  'p12/': 'a note: the rest of the file is there',
  'certificate/': 'a note: the other certificates are there',
  'backup/': 'a note: everything is in the backup',
  'archive/': 'a note of `open`',
  'import/': 'a note: the identity is stored',
  'reminder/': 'a row of `reminders`',
  'store/': 'a note: what can be read is there',
  'shared/': 'a note: the change is made',
  'cipher/': 'a note: the message is decrypted',
  'cipher/no-integrity': '`integrity` is `none`',
  'signature/': '`integrity` is `altered`: not `verified`, and `failed` unless somebody else signed',
  'signature/no-certificate': '`integrity` is `unchecked`: not `verified`',
  'signature/unsupported-algorithm': '`integrity` is `unchecked`: not `verified`',
  'signature/weak-digest': 'not `verified`',
  'signature/content-type': 'not `verified`',
  'signature/time-outside-validity': 'not `verified`',
  'signature/date-differs': 'not `verified`',
  'signature/removed': 'not `verified`',
  'signature/weak-key': 'a note',
  'signature/line-ends-converted': 'a note',
  'signature/countersignature-unreadable': 'a note',
  'path/': '`trust` is `untrusted`: not `verified`',
  'revocation/': '`revocation` is `unknown`: with `revocation: \'hard\'` not `verified`',
  'revocation/revoked': '`revocation` is `revoked`: not `verified`',
  'cipher/weak-key': 'a note',
  'decrypt/': 'a note to why the mail could not be decrypted',
  'trust/': 'not `verified` in a mailer',
  'fetch/': 'a note to what is missing because of it',
  'certificate/other-address': '`trust` is `untrusted`',
  'certificate/assigned': 'a note: it is used to encrypt, and for nothing else',
  'certificate/no-address': 'a note',
  'author/': 'a note',
  'author/mismatch': '`author` is `mismatch`: not `verified`',
  'author/unclear': '`author` is `mismatch`: not `verified`',
  'author/unknown': '`author` is `unchecked`: not `verified`',
  'layer/': 'a note: that part lends no status and stays as it is',
  'layer/outside-encryption': 'a note: that signature lends no status',
  'layer/nested-signatures': 'not `verified`',
  'diagnosis/': 'a note: it says why something else is told, and changes no status',
  'store/altered': 'a note: what was altered counts as not there',
  'store/unbound': 'a note: it counts as not there',
  'store/adopted': 'a note',
  'view/': 'there is no `view`',
  'mime/': 'a note',
  'header/': 'a note: the protected values are shown',
  'header/from-mismatch': 'the `From` outside is shown',
  'header/from-not-author': 'a `From` of the author is shown if there is one; no other is `signed`',
  'header/too-many-addresses': '`addresses` of these fields are empty',
  'header/only-outside': 'a note: these fields have no `inner` value',
  'draft/': 'a note to what is not in the draft',
  'draft/quotes-decrypted': 'a note',
  'recipient/': 'nothing is encrypted to that certificate',
  'recipient/assigned': 'a note',
  'recipient/no-address': 'nothing can be sent there',
  'sender/': 'nothing is signed with that certificate',
  'sender/no-encryption-certificate': 'nothing is encrypted',
  'sender/archive-unusable': 'nothing is encrypted',
  'sending/': 'a note: it says how the message goes',
};

test('docs/CODES.md says what the code says', async () => {
  const expected = [introduction, errors(), problems(), states()].join('\n');
  if (process.env.WRITE_CODES) await writeFile(page, expected);
  assert.equal(await readFile(page, 'utf8'), expected, 'run WRITE_CODES=1 node --test tests/package/codes.test.mjs');
});

function errors() {
  const problems = union('ProblemCode');
  const stored = Object.keys(catalogue).filter(
    (code) => code.startsWith('store/') && !problems.includes(code),
  );
  const codes = [...new Set([...union('ErrorCode'), ...stored])];
  return table(
    'Errors',
    'A call that can’t answer rejects with an `SmimeError` of one of these codes.',
    ['code', 'details put in', 'English', 'Deutsch'],
    codes.map((code) => [`\`${code}\``, details(code), ...sentences(code)]),
  );
}

function problems() {
  return table(
    'Problems',
    'An answer tells these in its `problems`, first what weighs most. “Not `verified`” is about `verify`; of\n`checkCertificate` it means that `trust` is `untrusted`.',
    ['code', 'what it does', 'details put in', 'English', 'Deutsch'],
    union('ProblemCode').map((code) => [`\`${code}\``, effect(code), details(code), ...sentences(code)]),
  );
}

function states() {
  return table(
    'Badges and locks',
    'What `open` and `classify` of `smime-wasm/mailer` say of a mail; `label` of `smime-wasm/texts` has the few words.',
    ['code', 'English', 'Deutsch', 'English', 'Deutsch'],
    union('StateCode').map((code) => [`\`${code}\``, ...['en', 'de'].map((language) => label(code, language)), ...sentences(code)]),
  );
}

function table(title, words, head, rows) {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `## ${title}\n\n${words}\n\n${lines.join('\n')}\n`;
}

function union(name) {
  const source = types.match(new RegExp(`type ${name} =[^;]*;`))[0];
  return [...source.matchAll(/\| '([^']+)'/g)].map(([, code]) => code);
}

function effect(code) {
  const fitting = Object.keys(effects).filter((key) => code === key || (key.endsWith('/') && code.startsWith(key)));
  const [nearest] = fitting.sort((a, b) => b.length - a.length);
  assert.ok(nearest, `nothing says what ${code} does`);
  return effects[nearest];
}

/** Those that the sentence puts in. */
function details(code) {
  const names = [...catalogue[code].en.matchAll(/\{(\w+)/g)].map(([, name]) => `\`${name}\``);
  return [...new Set(names)].join(', ');
}

/** As they are with every detail there is. */
const sentences = (code) =>
  ['en', 'de'].map((language) => catalogue[code][language].replace(/[[\]]/g, '').replace(/\{(\w+):\w+\}/g, '{$1}'));
