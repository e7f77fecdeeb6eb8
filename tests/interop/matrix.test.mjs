// What peers write is read by the package, in Node and in Chromium, and they read what it writes.
//
// INTEROP_PEERS=openssl,gpgsm asks these alone; INTEROP_WRITE=1 writes docs/INTEROP.md. Of a peer with
// another version than there, what it can do besides is told and does not fail.

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Absent } from './matrix/execute.mjs';
import { openUs, tables } from './matrix/matrix.mjs';
import { makePki } from './matrix/pki.mjs';
import { markdown, parse } from './matrix/table.mjs';

const quick = ['openssl', 'nss'];
const all = [...quick, 'gpgsm', 'bouncycastle', 'pkijs', 'forge', 'pyca', 'thunderbird'];
const asked = process.env.INTEROP_PEERS?.split(',') ?? (process.env.SMIME_TEST_ALL ? all : quick);

const file = new URL('../../docs/INTEROP.md', import.meta.url);
const shown = parse(await readFile(file, 'utf8').catch(() => ''));
const found = {};

const pki = await makePki();
const us = await openUs(pki);
after(async () => {
  await us.close();
  await pki.remove();
});

for (const module of asked) {
  const peer = await import(`./peers/${module}.mjs`);
  try {
    const folder = join(pki.folder, module);
    await mkdir(folder);
    ask({ ...peer, ...(await peer.setUp(pki, folder)) });
  } catch (error) {
    const isAbsent = error instanceof Absent;
    test(peer.name, { skip: isAbsent && error.message }, () => Promise.reject(error));
  }
}

function ask(peer) {
  after(() => peer.close?.());
  const { version } = peer;
  const cells = {};
  peer.isKnown = shown[peer.name]?.version === version || process.env.INTEROP_WRITE;
  const isAsked = ({ asks }) => !peer.does || asks.every((step) => peer.does.includes(step));
  for (const table of tables.filter(isAsked)) {
    test(`${peer.name} ${version}: ${table.title}`, async () => {
      const filled = await table.fill(table, peer, us);
      cells[table.title] = filled.cells;
      const { wrong, better } = filled;
      if (peer.isKnown) wrong.push(...better);
      else if (better.length) console.log(better.join('\n'));
      assert.equal(wrong.join('\n'), '');
    });
  }
  found[peer.name] = { version, cells };
}

test('docs/INTEROP.md shows this', { skip: process.env.INTEROP_WRITE && 'it is written' }, () => {
  for (const [peer, { version, cells }] of Object.entries(found)) {
    if (shown[peer]?.version === version) assert.deepEqual(shown[peer].cells, cells, peer);
    else console.log(`docs/INTEROP.md is about ${peer} ${shown[peer]?.version}, this is ${version}`);
  }
});

after(async () => {
  if (!process.env.INTEROP_WRITE) return;
  await writeFile(file, markdown({ ...shown, ...found }, tables.map(({ title }) => title)));
});
