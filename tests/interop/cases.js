// One side of cases.test.mjs: what the package makes of the cases, in Node or in a page.

/** Within the validity of all certificates, and when the mails say they were written. */
const now = new Date('2030-06-01T12:00:00Z');

/**
 * @param {object} smime the package
 * @param {(name: string) => Promise<Uint8Array | Blob>} load a file by its name
 * @param {string[]} files
 * @returns for each of them `{ line, text, fetches, fields }`, as tests/security/cases.rs has them
 */
export async function work(smime, load, files) {
  const { identities } = await smime.importP12({ data: await load('people/bob.p12'), password: 'cases' });
  const trustAnchors = await smime.parseCertificates({ data: await load('people/root.pem') });
  const results = [];
  for (const file of files) {
    const message = messageOf(new Uint8Array(await new Blob([await load(file)]).arrayBuffer()));
    const opened = smime.openMessage({ message, identities, trustAnchors, now });
    results.push(await opened.then(outcome, ({ code }) => ({ line: code, text: '', fetches: [], fields: [] })));
  }
  return results;
}

/** What follows the first empty line. */
function messageOf(file) {
  const LF = 10;
  const at = file.findIndex((octet, i) => octet === LF && file[i + 1] === LF);
  return file.slice(at + 2);
}

function outcome({ status, encryption, smimeStatus, headers, layers, problems, view }) {
  const codes = problems.map(({ code }) => code).sort();
  const kinds = view?.attachments.map(({ kind }) => kind) ?? [];
  const bodies = view?.bodies ?? [];
  return {
    line:
      `${status} ${encryption} ${smimeStatus} [${layers.map(layerOf).join(', ')}] ` +
      `(${codes.join(', ')}) {${kinds.join(', ')}}`,
    text: bodies.map(({ text, html }) => text + (html?.unsafe ?? '')).join(''),
    fetches: bodies.flatMap(({ html }) => html?.remoteReferences ?? []),
    fields: headers.map(({ name, value, protection }) => `${protection} ${name}: ${value}`),
  };
}

function layerOf({ kind, form, status, integrity, certificates, error }) {
  const words = [kind, form, status, integrity, certificates?.length, error?.code];
  return words.filter((word) => word !== undefined).join(' ');
}
