// Our side of the matrix, in Node or in a page.

/**
 * @param {object} smime the package
 * @param {(name: string) => Promise<Uint8Array | Blob>} load a file by its name
 * @param {{ verb: string, [option: string]: unknown }[][]} tasks calls of verbs, one upon the other:
 *   what one makes is the `message` of the next. `message`, `content` and `data` are the names of
 *   files; signers, recipients and identities the kinds of their keys
 * @returns for each task `bytes` in base64 and what the verbs found, or `error`
 */
export async function work(smime, load, tasks) {
  const people = new Map();
  const person = (kind) => {
    if (!people.has(kind)) people.set(kind, open(kind));
    return people.get(kind);
  };
  const open = async (kind) => {
    const data = await load(`${kind}.p12`);
    return (await smime.importP12({ data, password: 'secret' })).identities[0];
  };
  const each = (make) => (kinds) => Promise.all(kinds.map(make));
  const meant = {
    message: load,
    content: load,
    data: load,
    identity: person,
    signers: each(person),
    identities: each(person),
    recipients: each(async (kind) => await load(`${kind}.der`)),
    keys: each(({ id, key }) => ({ id: utf8(id), key: utf8(key) })),
    trustAnchors: each(async (file) => (await smime.parseCertificates({ data: await load(file) }))[0]),
  };

  const results = [];
  for (const steps of tasks) {
    const result = {};
    try {
      for (const { verb, ...given } of steps) {
        const options = result.bytes ? { message: result.bytes } : {};
        for (const [name, value] of Object.entries(given)) {
          options[name] = meant[name] ? await meant[name](value) : value;
        }
        // What is inside is compared with the entity, and with nothing else.
        if (verb === 'sign' || verb === 'encrypt') options.protectHeaders = 'off';
        Object.assign(result, summary[verb](await smime[verb](options)));
      }
      results.push({ ...result, bytes: result.bytes && base64(result.bytes) });
    } catch (error) {
      results.push({ error: `${error.code ?? error} ${JSON.stringify(error.details ?? {})}` });
    }
  }
  return results;
}

const summary = {
  sign: (bytes) => ({ bytes }),
  encrypt: (bytes) => ({ bytes }),
  exportP12: (bytes) => ({ bytes }),
  decompress: ({ message }) => ({ bytes: message }),
  decrypt: ({ message, cipher, integrity }) => ({ bytes: message, cipher, integrity }),
  verify: ({ content, status, signatures }) => ({
    bytes: content,
    status,
    problems: signatures.flatMap(({ problems }) => problems.map(({ code }) => code)),
  }),
  importP12: ({ identities }) => ({ identities: identities.map(({ certificate }) => certificate.subject) }),
};

const utf8 = (text) => new TextEncoder().encode(text);
const base64 = (bytes) => btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
