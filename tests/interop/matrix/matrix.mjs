// How the matrix is filled: for each peer, table and row one cell.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { openPlaces } from '../places.mjs';
import { asEntity, content, messageFrom, takeApart } from './mail.mjs';
import { address, other, password } from './pki.mjs';
import * as rows from './rows.mjs';
import { refused } from './table.mjs';

/**
 * What each pair of tables is about: one side does the steps of `write`, the other side those of
 * `open`. A row holds if it does in all forms. `asks`, in the tables, is what the peer does.
 */
const subjects = [
  { name: 'Signatures', rows: rows.signatures, write: ['sign'], open: ['verify'], forms: ['detached', 'opaque'] },
  { name: 'Encryption', rows: rows.envelopes, write: ['encrypt'], open: ['decrypt'] },
  { name: 'Signed, then encrypted', rows: rows.both, write: ['sign', 'encrypt'], open: ['decrypt', 'verify'] },
  { name: 'Compressed', rows: rows.compressed, write: ['compress', 'encrypt'], open: ['decrypt', 'decompress'] },
  { name: 'P12 files', rows: rows.files, write: ['writeP12'], open: ['readP12'] },
];

export const tables = subjects.flatMap(({ name, forms = ['opaque'], ...subject }) => {
  const written = subject.rows.filter((row) => row.written !== false);
  return [
    { title: `${name}: we read theirs`, ...subject, forms, asks: subject.write, fill: readTheirs },
    { title: `${name}: they read ours`, ...subject, forms, asks: subject.open, rows: written, fill: letThemRead },
  ];
});

/** The calls of our verbs, see ours.js, that are our side of the steps. */
const calls = {
  sign: ({ key, second, digest, scheme }, form) => ({
    verb: 'sign', signers: second ? [key, second] : [key], form, digest: digest?.toLowerCase(), scheme,
  }),
  verify: ({ key }) => ({ verb: 'verify', trustAnchors: ['ca.pem'], from: address(key) }),
  // Ours compresses while it encrypts.
  compress: () => undefined,
  decompress: () => ({ verb: 'decompress' }),
  encrypt: ({ key, cipher, oaep, isCompressed }) => ({
    verb: 'encrypt',
    recipients: [other, key],
    cipher: cipher.toLowerCase(),
    keyTransport: oaep ? 'rsaes-oaep' : 'rsaes-pkcs1-v1_5',
    compress: isCompressed,
  }),
  decrypt: ({ key, password, kek }) => ({
    verb: 'decrypt',
    ...(key && { identities: [key] }),
    ...(password && { passwords: [password] }),
    ...(kek && { keys: [kek] }),
  }),
  writeP12: ({ key, profile }) => ({ verb: 'exportP12', identity: key, profile, password }),
  readP12: () => ({ verb: 'importP12', password }),
};

/** Our side, which the tables share. */
export async function openUs(pki) {
  const { places, close } = await openPlaces(pki.folder);
  let count = 0;
  const written = new Map();
  const save = async (bytes) => {
    const name = `exchanged-${count++}`;
    await writeFile(join(pki.folder, name), bytes);
    return name;
  };
  return {
    close,

    /** What we find in files of a peer, wherever we run: [place, results]. */
    async open(steps, tasks) {
      const work = tasks.map(async ({ row, form, files }) => {
        const names = Object.entries(files).map(async ([name, bytes]) => [name, await save(bytes)]);
        const given = Object.fromEntries(await Promise.all(names));
        return steps.map((step, i) => ({ ...calls[step](row, form), ...(i === 0 && given) }));
      });
      const ready = await Promise.all(work);
      const found = Object.entries(places).map(async ([place, run]) => [place, await run('matrix/ours.js', ready)]);
      return Promise.all(found);
    },

    /** What we write for a row: bytes. Made once for all peers. */
    async write(steps, row, form) {
      const id = [...steps, row.name, form].join();
      if (!written.has(id)) written.set(id, make(steps, row, form));
      const { bytes, error } = await written.get(id);
      if (error) throw new Error(`we don't write it: ${error}`);
      return Buffer.from(bytes, 'base64');
    },
  };

  async function make(steps, row, form) {
    const [first, ...rest] = steps.map((step) => calls[step](row, form)).filter(Boolean);
    const given = first.verb === 'exportP12' ? {} : { message: await save(messageFrom(row.key)) };
    const [result] = await places.Node('matrix/ours.js', [[{ ...first, ...given }, ...rest]]);
    return result;
  }
}

/**
 * @returns `cells`, by the name of the row: true, or why the peer can't, or that we refuse it; `wrong`,
 *   what goes otherwise; and `better`, what goes although the peer is said to be unable
 */
async function readTheirs({ rows, forms, write, open, asks }, peer, us) {
  const cells = cellsOf(rows, peer, asks);
  const wrong = [];
  const better = [];
  const tasks = [];
  for (const { row, form } of each(rows, forms)) {
    const isExpected = cells[row.name] === true || cells[row.name] === refused;
    if (!isExpected && peer.isKnown) continue;
    try {
      let files = { message: content };
      for (const step of write) files = await peer[step](row, asEntity(files), form);
      tasks.push({ row, form, files, isExpected });
    } catch (error) {
      if (isExpected) wrong.push(`${row.name}, ${form}: ${peer.name} does not write it: ${error.message}`);
    }
  }
  for (const [place, results] of await us.open(open, tasks)) {
    for (const [i, { row, form, isExpected }] of tasks.entries()) {
      const { bytes, ...found } = results[i];
      const isAll = bytes === undefined || content.equals(Buffer.from(bytes, 'base64'));
      if (!isAll) found.error = 'other content';
      const asked = Object.keys(row.found).map((name) => [name, found[name]]);
      const isFound = !found.error && isDeepStrictEqual(Object.fromEntries(asked), row.found);
      const finding = `${row.name}, ${form}: in ${place} we find ${JSON.stringify(found)}`;
      if (!isExpected) better.push(`${finding}, although: ${cells[row.name]}`);
      else if (!isFound) wrong.push(finding);
    }
  }
  return { cells, wrong, better };
}

async function letThemRead({ rows, forms, write, open, asks }, peer, us) {
  const cells = cellsOf(rows, peer, asks);
  const wrong = [];
  const better = [];
  for (const { row, form } of each(rows, forms)) {
    const ours = await us.write(write, row, form).catch((error) => void wrong.push(`${row.name}: ${error.message}`));
    if (!ours || !open.every((step) => peer[step])) continue;
    const failure = await letThemOpen(open, peer, row, ours).then(() => undefined, (error) => error);
    if (cells[row.name] === true && failure) {
      wrong.push(`${row.name}, ${form}: ${peer.name} does not read it: ${failure.message}`);
    } else if (cells[row.name] !== true && !failure) {
      better.push(`${row.name}, ${form}: ${peer.name} reads it, although: ${cells[row.name]}`);
    }
  }
  return { cells, wrong, better };
}

async function letThemOpen(steps, peer, row, ours) {
  if (steps[0] === 'readP12') return peer.readP12(row, ours);
  const isAtOnce = steps.length > 1 && peer.decryptAndVerify;
  let bytes = ours;
  for (const step of isAtOnce ? ['decryptAndVerify'] : steps) bytes = await peer[step](row, takeApart(bytes));
  if (!content.equals(bytes)) throw new Error(`it shows ${bytes}`);
}

const each = (rows, forms) => rows.flatMap((row) => forms.map((form) => ({ row, form })));

function cellsOf(rows, peer, steps) {
  const concerns = (operations) => operations.split(' ').some((operation) => steps.includes(operation));
  const cell = (row) =>
    peer.cannot.find(([operations, pattern]) => concerns(operations) && pattern.test(row.name))?.[2] ??
    (row.isRefused ? refused : true);
  return Object.fromEntries(rows.map((row) => [row.name, cell(row)]));
}
