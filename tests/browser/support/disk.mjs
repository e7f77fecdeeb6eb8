// What a browser's profile holds of keys.

import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of an RSA key of 2048 bits in PEM: what stands behind version, algorithm, modulus and public exponent. */
export const privatePart = (pem) =>
  Buffer.from(String(pem).split('\n').slice(1, -2).join(''), 'base64').subarray(330);

/** What a row of `meta` has sealed: `{ purpose, bytes }`, the nonce in front and the tag last. */
export function sealedRow(id, value) {
  if (id === 'device') return { purpose: 'smime-wasm device 1', bytes: Buffer.from(value) };
  // SEQUENCE { version, epoch, sealed }
  const der = Buffer.from(value);
  const epochAt = (der[1] & 0x80 ? 2 + (der[1] & 0x7f) : 2) + 3;
  const epoch = BigInt(`0x${der.subarray(epochAt + 2, epochAt + 2 + der[epochAt + 1]).toString('hex')}`);
  const sealedAt = epochAt + 2 + der[epochAt + 1];
  assert.equal(der[sealedAt], 4);
  const bytes = der.subarray(sealedAt + (der[sealedAt + 1] & 0x80 ? 2 + (der[sealedAt + 1] & 0x7f) : 2));
  return { purpose: `smime-wasm session 1 ${epoch}`, bytes };
}

/** Fails where any file of the folder has 32 bytes of the secret in a row. */
export async function assertNowhere(folder, secret, way) {
  let searched = 0;
  for (const { name, bytes } of await filesIn(folder)) {
    searched += bytes.length;
    for (let at = 0; at + 32 <= secret.length; at += 16) {
      assert.ok(!bytes.includes(secret.subarray(at, at + 32)), `with ${way}, a part is in ${name}`);
    }
  }
  assert.ok(searched > 100_000, 'the profile was searched');
}

/** Whether any 32 bytes of the files that pages write are the key of what is sealed. */
export async function isKeyStored(folder, { purpose, bytes: sealed }) {
  const stored = (await filesIn(folder)).filter(({ name }) => /IndexedDB|indexeddb|Storage|storage.default/.test(name));
  assert.ok(stored.some(({ bytes }) => bytes.includes(sealed.subarray(0, 32))), 'the right files');
  const [nonce, tag] = [sealed.subarray(0, 12), sealed.subarray(-16)];
  const opens = (key) => {
    const cipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose)).setAuthTag(tag);
    cipher.update(sealed.subarray(12, -16));
    try {
      cipher.final();
      return true;
    } catch {
      return false;
    }
  };
  return stored.some(({ bytes }) => {
    for (let at = 0; at + 32 <= bytes.length; at++) {
      // No key is long stretches of one byte, of which files have many.
      if (bytes[at] === bytes[at + 1] && bytes[at] === bytes[at + 2]) continue;
      if (opens(bytes.subarray(at, at + 32))) return true;
    }
    return false;
  });
}

async function filesIn(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    files.filter((file) => file.isFile()).map(async (file) => {
      const path = join(file.parentPath, file.name);
      return { name: path.slice(folder.length), bytes: await readFile(path).catch(() => Buffer.alloc(0)) };
    }),
  );
}
