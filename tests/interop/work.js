// One side of openssl.test.mjs: what the package makes of files, in Node or in a page.

/**
 * @param {object} smime the package
 * @param {(name: string) => Promise<Uint8Array | Blob>} load a file by its name
 * @param {{ verb: string, [option: string]: unknown }[]} tasks calls; `message` and the names of
 *   people stand for what is in files
 */
export async function work(smime, load, tasks) {
  const identity = async (name) =>
    (await smime.importP12({ data: await load(`${name}.p12`), password: 'secret' })).identities[0];
  const [alice, bob] = [await identity('alice'), await identity('bob')];
  const trustAnchors = await smime.parseCertificates({ data: await load('ca.pem') });
  const people = {
    signers: [alice],
    recipients: [bob.certificate, alice.certificate],
    identities: [bob],
    identity: alice,
    trustAnchors,
  };
  const needed = {
    sign: ['signers'],
    encrypt: ['recipients'],
    decrypt: ['identities'],
    verify: ['trustAnchors'],
    exportP12: ['identity'],
  };
  const results = [];
  for (const { verb, message, ...options } of tasks) {
    for (const name of needed[verb]) options[name] = people[name];
    try {
      if (message) options.message = await load(message);
      // What is inside is compared with the entity, and with nothing else.
      if (verb === 'sign' || verb === 'encrypt') options.protectHeaders = 'off';
      const result = await smime[verb](options);
      if (result instanceof Uint8Array) results.push({ bytes: base64(result) });
      else {
        const { content, message, status, integrity, cipher, signatures } = result;
        const problems = signatures?.flatMap((signature) => signature.problems.map(({ code }) => code));
        results.push({ bytes: base64(content ?? message), status, integrity, cipher, problems });
      }
    } catch (error) {
      results.push({ error: String(error.code ?? error) });
    }
  }
  return results;
}

const base64 = (bytes) => btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
