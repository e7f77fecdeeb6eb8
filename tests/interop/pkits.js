// One side of pkits.test.mjs: what the package answers, in Node or in a page.

/**
 * @param {object} smime the package
 * @param {(name: string) => Promise<Uint8Array | Blob>} load a file by its name
 * @param {[{ certificates: string[], crls: string[], anchor: string, at: string, cases: object[] }]} tasks
 *   names of files; of each case its `target` and one or two `policies` to ask with
 * @returns for each case what each question was answered, or the code of an error
 */
export async function work(smime, load, [{ certificates, crls, anchor, at, cases }]) {
  const bytes = async (name) => new Uint8Array(await new Blob([await load(name)]).arrayBuffer());
  /** Without what can't be read. */
  const readAll = async (names, read) => {
    const entries = names.map(async (name) => [name, await read(await bytes(name)).catch(unreadable)]);
    return new Map((await Promise.all(entries)).filter(([, value]) => value));
  };
  const known = await readAll(certificates, async (data) => (await smime.parseCertificates({ data }))[0]);
  const lists = await readAll(crls, (data) => smime.parseCrl({ data }));
  // Each call reads them anew; those of end entities, which issue nothing, pkits.rs has in its pool too.
  const intermediates = [...known].filter(([name]) => !name.endsWith('EE.crt')).map(([, certificate]) => certificate);
  const shared = {
    trustAnchors: [known.get(anchor)],
    intermediates,
    crls: [...lists.values()],
    at: new Date(at),
    purpose: 'any',
    revocation: 'hard',
  };
  const ask = async (certificate, policies) => {
    const answer = await smime.checkCertificate({ ...shared, certificate, policies });
    const { trust, revocation, policies: found, problems } = answer;
    return { trust, revocation, policies: found, problems: problems.map(({ code }) => code) };
  };
  const results = [];
  for (const { target, questions } of cases) {
    const certificate = known.get(target);
    const answers = certificate ? questions.map((policies) => ask(certificate, policies)) : [];
    results.push(await Promise.all(answers).catch((error) => [{ error: String(error.code ?? error) }]));
  }
  for (const list of lists.values()) await list.close();
  return results;
}

function unreadable(error) {
  if (!error.code?.startsWith('malformed/')) throw error;
}
