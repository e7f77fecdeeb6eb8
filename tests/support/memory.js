// What large mails take of linear memory, which grows and never shrinks. For Node and for pages.

const { instantiate } = WebAssembly;
let memory;
WebAssembly.instantiate = async (...given) => {
  const instantiated = await instantiate(...given);
  memory = (instantiated.instance ?? instantiated).exports.memory;
  return instantiated;
};

/** Bytes that the module instantiated last has by now, in place. */
export const linearMemory = () => memory.buffer.byteLength;

/** The verbs that work on whole messages. Each has `run`, and `prepare` makes what it takes. */
export function verbs(smime) {
  const list = [];
  const add = (name, run, prepare = ({ message }) => message) => list.push({ name, run, prepare });
  for (const form of ['detached', 'opaque']) {
    const sign = (options, { alice }) => smime.sign({ ...options, signers: [alice], form });
    const verify = async (options, { trustAnchors }) =>
      (await smime.verify({ ...options, trustAnchors })).content;
    add(`sign, ${form}`, sign);
    add(`verify, ${form}`, verify, sign);
  }
  for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) {
    const encrypt = (options, { alice }) =>
      smime.encrypt({ ...options, recipients: [alice.certificate], cipher });
    const decrypt = async (options, { alice }) =>
      (await smime.decrypt({ ...options, identities: [alice] })).message;
    add(`encrypt, ${cipher}`, encrypt);
    add(`decrypt, ${cipher}`, decrypt, encrypt);

    const readdressed = (verb) => (options, { alice, bob }) =>
      smime[verb]({ ...options, identities: [alice], recipients: [bob] });
    const encryptForBoth = (options, { alice, bob }) =>
      smime.encrypt({ ...options, recipients: [alice.certificate, bob], cipher });
    add(`addRecipients, ${cipher}`, readdressed('addRecipients'), encrypt);
    add(`removeRecipients, ${cipher}`, readdressed('removeRecipients'), encryptForBoth);
  }
  add(
    'openMessage',
    async (options, { alice, trustAnchors }) =>
      (await smime.openMessage({ ...options, identities: [alice], trustAnchors })).content,
    async (options, { alice }) => {
      const message = await smime.sign({ ...options, signers: [alice] });
      return smime.encrypt({ ...options, message, recipients: [alice.certificate] });
    },
  );
  return list;
}

/** A new module, whose memory has never been large, and who is in it. */
export async function start(smime, files) {
  await smime.terminate();
  const options = { data: files['alice.p12'], password: 'secret', worker: false };
  const { identities } = await smime.importP12(options);
  const read = (name) => smime.parseCertificates({ data: files[name], worker: false });
  const [[bob], trustAnchors] = [await read('bob.pem'), await read('ca.pem')];
  return { alice: identities[0], bob, trustAnchors };
}

/**
 * What memory grows by over that of a module that has worked before, for each verb.
 *
 * @param {number} size of the mail, in bytes
 * @returns {Promise<{ name: string, growth: number, larger: number }[]>} `larger` of message and result
 */
export async function growths(smime, files, size) {
  const results = [];
  for (const { name, run, prepare } of verbs(smime)) {
    const message = await prepare({ message: mail(size), worker: false }, await start(smime, files));
    const people = await start(smime, files);
    await run({ message: await prepare({ message: mail(1_000), worker: false }, people), worker: false }, people);
    const idle = linearMemory();
    const result = await run({ message, worker: false }, people);
    results.push({
      name,
      growth: linearMemory() - idle,
      larger: Math.max(message.length, result.length),
    });
  }
  return results;
}

/** A mail with an attachment, of about `size` bytes. */
export function mail(size) {
  const line = `${'U01JTUUg'.repeat(9)}AAAA\r\n`;
  return new TextEncoder().encode(
    [
      'From: Alice <alice@example.com>',
      'To: Alice <alice@example.com>',
      'Subject: Minutes',
      'MIME-Version: 1.0',
      'Content-Type: application/octet-stream; name=minutes.bin',
      'Content-Transfer-Encoding: base64',
      '',
      line.repeat(Math.ceil(size / line.length)),
    ].join('\r\n'),
  );
}
