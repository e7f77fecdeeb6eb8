// Pages of the CRM.

/**
 * @param {Awaited<ReturnType<typeof import('./crm.mjs').startCrm>>} crm
 * @param {Awaited<ReturnType<typeof import('./chromium.mjs').launch>>} chromium
 * @returns what runs a test on a page of the CRM, whose server begins anew for it. Functions of the guide and of
 *   the package are `crm` there
 */
export const pagesOf =
  ({ state, origin, policies }, chromium) =>
  (body, { policy = policies[0], scriptPolicy, ...options } = {}) =>
    chromium.page(async (page) => {
      const kept = { submitted: [], sent: [], mails: {}, storeIds: [], keys: undefined };
      Object.assign(state, kept, { policy, scriptPolicy });
      await openCrm(page, origin);
      await body(page);
    }, options);

/** Opens it on another page. */
export async function openCrm(page, origin) {
  await page.goto(`${origin}/`);
  await prepareCrm(page);
}

/** Waits until it has loaded, in a page or a frame. */
export async function prepareCrm(page) {
  await page.waitForFunction(() => globalThis.crm);
  await page.evaluate(prepare);
}

/** What the tests do time and again, on the page. */
async function prepare() {
  const file = async (name) => new File([await (await fetch(`/files/${name}`)).blob()], name);
  const passphrase = 'correct horse battery staple';
  const certificate = async (name) => (await crm.parseCertificates({ data: await file(`${name}.pem`) }))[0];
  const alice = { id: 4711, accounts: [{ address: 'alice@example.com' }] };
  Object.assign(globalThis, { file, passphrase, certificate, alice });
  globalThis.trusted = async () => ({ trustAnchors: [await certificate('ca')] });
  globalThis.begin = async (user = alice) => crm.openMailbox({ ...alice, ...user }, await trusted());
  globalThis.beginWithKey = async (user) => {
    const mailer = await begin(user);
    await crm.importKeys(mailer, [await file('alice.p12')], 'secret', passphrase);
    return mailer;
  };
  globalThis.know = async (mailer, ...names) => {
    for (const name of names) await mailer.importCertificates({ data: await file(`${name}.pem`) });
  };
  globalThis.code = (promise) => promise.then(() => 'done', (error) => error.code ?? String(error));
}
