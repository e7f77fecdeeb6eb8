// What is sent through the matrix, and messages taken apart for peers that know CMS but no MIME.

import { address } from './pki.mjs';

/** A MIME entity: what is signed and encrypted. In 7 bits, so that signing leaves it as it is. */
export const content = Buffer.from(
  'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' +
    'Gr=C3=BC=C3=9Fe aus der K=C3=BCche.\r\n'.repeat(100),
);

/** The message with it that the person with this kind of key sends. */
export const messageFrom = (kind) =>
  Buffer.concat([
    Buffer.from(
      `From: ${address(kind)}\r\nTo: bob@example.com\r\nSubject: Peers\r\n` +
        `Date: ${new Date().toUTCString()}\r\nMIME-Version: 1.0\r\n`,
    ),
    content,
  ]);

/**
 * Takes apart what the package writes.
 *
 * @param {Buffer} message
 * @returns {{ message: Buffer, der: Buffer, content?: Buffer }} with its CMS, and what a detached
 *   signature is over
 */
export function takeApart(message) {
  const text = message.toString('latin1');
  const boundary = /boundary="?([^";\r]+)/.exec(headerOf(text))?.[1];
  if (!boundary) return { message, der: bodyOf(text) };
  const [, signed, signature] = text.split(`\r\n--${boundary}`);
  return { message, der: bodyOf(signature), content: Buffer.from(signed.slice(2), 'latin1') };
}

const headerOf = (entity) => entity.slice(0, entity.indexOf('\r\n\r\n'));
const bodyOf = (entity) => Buffer.from(entity.slice(entity.indexOf('\r\n\r\n')), 'base64');

/** Bare CMS of this type as the MIME entity that is encrypted; what is one already stays as it is. */
export function asEntity({ message, type = 'signed-data' }) {
  if (message[0] !== 0x30) return message;
  const base64 = message.toString('base64').replace(/.{64}/g, '$&\r\n');
  const fields = `Content-Type: application/pkcs7-mime; smime-type=${type}; name=smime.p7m\r\n`;
  return Buffer.from(`${fields}Content-Transfer-Encoding: base64\r\n\r\n${base64}\r\n`);
}
