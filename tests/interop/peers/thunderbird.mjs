// Thunderbird without a window: it displays what we write, and says in its security panel that it is
// good. thunderbird.py drives it, thunderbird-show.js runs in it.

import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { converse, execute, need } from '../matrix/execute.mjs';
import { content } from '../matrix/mail.mjs';
import { password } from '../matrix/pki.mjs';

export const name = 'Thunderbird';

/** It is not asked for more. */
export const does = ['verify', 'decrypt'];

export const cannot = [
  ['verify', /two signers/, 'calls no message with several signers good'],
  ['verify', /PSS alone/, 'no such key'],
  ['verify decrypt', /brainpool/, 'no such curve'],
  ['decrypt', /X25519/, 'no X25519 in messages'],
  ['verify', /Ed25519/, 'no Ed25519'],
  ['decrypt', /GCM/, 'displays nothing for AuthEnvelopedData, ours or that of OpenSSL'],
];

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const python = here('../../../target/peers/python/bin/python');

export async function setUp(pki, folder) {
  const { version, show: showAll, close } = await open(pki, folder);

  async function show(message, signatures, encryption) {
    const [shown] = await showAll([message]);
    const text = Buffer.from(shown.text ?? '', 'latin1').toString();
    const isGood =
      String(shown.signatures) === signatures &&
      String(shown.encryption) === encryption &&
      text.split('Grüße aus der Küche.').length === 101;
    if (!isGood) throw new Error(JSON.stringify({ ...shown, text: text.slice(-80) }));
    return content;
  }

  return {
    version,
    close,
    verify: (row, { message }) => show(message, '0', ''),
    decrypt: (row, { message }) => show(message, '', '0'),
    decryptAndVerify: (row, { message }) => show(message, '0', '0'),
  };
}

/**
 * Starts it with a profile in `folder`, in which the CA and the people of `pki` are.
 *
 * @returns `show`, which tells what it displays of messages: for each `text`, and what its panel says of
 *   `signatures` and `encryption`, 0 where they are good, and of the `outermost` signature
 */
export async function open(pki, folder) {
  need('thunderbird', 'certutil', 'pk12util', python);
  const profile = join(folder, 'profile');
  const port = await freePort();
  await makeProfile(profile, pki, port);
  const words = [here('thunderbird.py'), 'thunderbird', profile, port, here('thunderbird-show.js')];
  const { ask, close } = converse(python, words, { cwd: folder, env: { ...process.env, HOME: folder } });
  let count = 0;

  async function show(messages) {
    const paths = messages.map(() => join(folder, `${count++}.eml`));
    await Promise.all(paths.map((path, i) => writeFile(path, messages[i])));
    const shown = JSON.parse(await ask(...paths));
    if (shown.error) throw new Error(shown.error);
    return shown;
  }

  return { version: JSON.parse(await ask('version')), show, close };
}

async function makeProfile(profile, pki, port) {
  await mkdir(profile);
  const settings = {
    'marionette.port': port,
    'app.update.auto': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': 9,
  };
  const lines = Object.entries(settings).map((setting) => `user_pref(${setting.map((one) => JSON.stringify(one))});\n`);
  await writeFile(join(profile, 'user.js'), lines.join(''));
  const tool = (program, line) => execute(program, line.split(' '), { cwd: pki.folder });
  await tool('certutil', `-N -d sql:${profile} --empty-password`);
  await tool('certutil', `-A -d sql:${profile} -n CA -t C,C, -i ca.pem`);
  for (const kind of pki.kinds) {
    const importing = tool('pk12util', `-d sql:${profile} -i ${kind}.p12 -W ${password}`);
    await importing.catch(() => {}); // a kind of key that it does not know
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
