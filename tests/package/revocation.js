// Revocation, and what is fetched for it: see behaviour.js for how these run. `files` are those of
// tests/support/authority.mjs, `relay` is where they are served.

import { equal, failure, ok, same } from './check.js';

const bytesOf = (text) => new TextEncoder().encode(text);

export const revocation = {
  async 'without fetch nothing is known, and nothing is asked'(context) {
    const message = await signedBy('mallory', context);
    const { signatures, status } = await verify({ message }, context);
    equal(status, 'unverified');
    equal(signatures[0].trust, 'untrusted');
    equal(signatures[0].revocation, 'unchecked');
    const hard = await verify({ ...(await withIssuer(message, context)), revocation: 'hard' }, context);
    equal(hard.signatures[0].revocation, 'unknown');
    equal(hard.status, 'unverified');
    equal((await requests(context)).length, 0);
  },

  async 'issuer and OCSP response are fetched'(context) {
    for (const [name, revoked] of [['grace', false], ['mallory', true]]) {
      const message = await signedBy(name, context);
      // Bytes in all forms that are taken.
      const fetch = async (url, request) => {
        const found = await viaRelay(context)(url, request);
        if (revoked) return found;
        const buffer = await found.arrayBuffer();
        return url.includes('ocsp') ? buffer : new Uint8Array(buffer);
      };
      const { signatures: [signature], status } = await verify({ message, fetch }, context);
      equal(signature.revocation, revoked ? 'revoked' : 'good');
      equal(signature.trust, revoked ? 'untrusted' : 'trusted');
      equal(status, revoked ? 'unverified' : 'verified');
      same(signature.chain[1].der, context.files['issuer.der']);
      const asked = await requests(context);
      ok(asked.includes('GET http://ca.example.com/issuer.cer'), asked);
      ok(asked.includes('POST http://ocsp.example.com/'), asked);
      if (revoked) {
        const { details } = signature.problems.find(({ code }) => code === 'revocation/revoked');
        equal(details.reason, 'key-compromise');
      }
    }
  },

  async 'where no responder answers, the CRL is fetched'(context) {
    for (const [name, expected] of [['grace', 'good'], ['mallory', 'revoked']]) {
      const given = await withIssuer(await signedBy(name, context), context);
      const fetch = only('crl.example.com', context);
      const { signatures } = await verify({ ...given, fetch, revocation: 'hard' }, context);
      equal(signatures[0].revocation, expected);
      const asked = (await requests(context)).sort().join();
      equal(asked, 'GET http://crl.example.com/issuer.crl,GET http://crl.example.com/root.crl');
      // The module remembers it while it lives.
      await context.smime.terminate();
    }
  },

  async 'CRLs that are at hand are bytes, or read before'(context) {
    const { smime, files, options } = context;
    const given = await withIssuer(await signedBy('mallory', context), context);
    const crl = await smime.parseCrl({ data: files['issuer.crl'], ...options });
    ok(crl instanceof smime.Crl && Object.isFrozen(crl));
    equal(crl.issuer, 'CN=issuer');
    ok(crl.thisUpdate <= new Date() && crl.nextUpdate > new Date());
    for (const item of [files['issuer.crl'], new Blob([files['issuer.crl']]), crl, crl]) {
      const { signatures } = await verify({ ...given, crls: [item] }, context);
      equal(signatures[0].revocation, 'revoked');
    }
    const broken = await failure(verify({ ...given, crls: [new Uint8Array([0x30, 0])] }, context));
    equal(broken.code, 'malformed/crl');
  },

  async 'a CRL that was closed or lost says so'(context) {
    const { smime, files, options } = context;
    const given = await withIssuer(await signedBy('grace', context), context);
    const read = () => smime.parseCrl({ data: files['issuer.crl'], ...options });
    const codeWith = async (crl) => (await failure(verify({ ...given, crls: [crl] }, context))).code;
    const [closed, disposed] = [await read(), await read()];
    await closed.close();
    await closed.close();
    disposed[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
    equal(await codeWith(closed), 'crl/closed');
    equal(await codeWith(disposed), 'crl/closed');
    for (const end of [smime.terminate, smime.lock]) {
      const lost = await read();
      await end();
      equal(await codeWith(lost), 'crl/lost');
      await lost.close();
      equal(await codeWith(lost), 'crl/closed');
    }
    equal((await failure(smime.parseCrl({ data: bytesOf('x'), ...options }))).code, 'malformed/crl');
  },

  async 'whatever goes wrong with fetching, there is nothing, and a problem says what'(context) {
    const given = await withIssuer(await signedBy('grace', context), context);
    const reasons = {
      failed: [() => Promise.reject(new Error('offline')), () => Promise.reject(undefined), throwing],
      'nothing-there': [() => null, viaRelay(context, 'missing')],
      'not-bytes': [() => undefined, () => 'AAAA', () => ({}), () => new Response('AAAA')],
      'too-large': [viaRelay(context, 'oversized')],
      'redirect-refused': [viaRelay(context, 'inward'), () => ({ redirect: '/elsewhere' })],
      'too-many-redirects': [viaRelay(context, 'circular')],
    };
    const limits = { crlBytes: 1 << 20 };
    for (const [reason, callbacks] of Object.entries(reasons)) {
      for (const fetch of callbacks) {
        const { signatures: [signature] } = await verify({ ...given, fetch, limits }, context);
        equal(signature.trust, 'trusted');
        equal(signature.revocation, 'unknown');
        const failed = signature.problems.filter(({ code }) => code === 'fetch/failed');
        ok(failed.length > 0, reason);
        for (const { details } of failed) {
          equal(details.reason, reason);
          ok(details.url.includes('.example.com/'));
        }
      }
    }
    const fetch = viaRelay(context, 'garbage');
    const { signatures: [signature] } = await verify({ ...given, fetch, revocation: 'hard' }, context);
    equal(signature.revocation, 'unknown');
    equal(signature.trust, 'untrusted');
  },

  async 'redirects are followed where they lead to a public host'(context) {
    const given = await withIssuer(await signedBy('mallory', context), context);
    const fetch = (url, request) =>
      viaRelay(context, new URL(url).host.startsWith('www.') ? undefined : 'moved')(url, request);
    await requests(context);
    const { signatures } = await verify({ ...given, fetch }, context);
    equal(signatures[0].revocation, 'revoked');
    const asked = (await requests(context)).filter((request) => request.startsWith('POST')).join();
    equal(asked, 'POST http://ocsp.example.com/,POST http://www.ocsp.example.com/');
  },

  async 'a server that hangs is given up, and told'(context) {
    const given = await withIssuer(await signedBy('grace', context), context);
    const signals = [];
    const fetch = (url, request) => {
      signals.push(request.signal);
      return viaRelay(context, 'hanging')(url, request);
    };
    const limits = { fetchMillis: 100 };
    const { signatures: [signature] } = await verify({ ...given, fetch, limits }, context);
    equal(signature.revocation, 'unknown');
    ok(signals.length > 0 && signals.every(({ aborted }) => aborted), 'the signals are aborted');
    const { details } = signature.problems.find(({ code }) => code === 'fetch/failed');
    equal(details.reason, 'too-slow');
    const deaf = () => new Promise(() => {});
    equal((await verify({ ...given, fetch: deaf, limits }, context)).signatures[0].revocation, 'unknown');
  },

  async 'the number of requests is bounded'(context) {
    const message = await signedBy('grace', context);
    for (const [fetches, asked] of [[0, 0], [1, 1], [2, 2]]) {
      await requests(context);
      await verify({ message, fetch: viaRelay(context), limits: { fetches } }, context);
      equal((await requests(context)).length, asked);
    }
  },

  async 'abort ends the wait for the network at once'(context) {
    const given = await withIssuer(await signedBy('grace', context), context);
    const controller = new AbortController();
    let asked;
    const isAsked = new Promise((resolve) => (asked = resolve));
    const fetch = (url, request) => {
      asked(request.signal);
      return viaRelay(context, 'hanging')(url, request);
    };
    const running = failure(verify({ ...given, fetch, signal: controller.signal }, context));
    const signal = await isAsked;
    ok(!signal.aborted);
    const start = performance.now();
    controller.abort('enough');
    const error = await running;
    equal(error.code, 'aborted');
    equal(error.cause, 'enough');
    ok(performance.now() - start < 50, 'at once');
    ok(signal.aborted, 'the callback is told');
    equal((await verify(given, context)).signatures[0].trust, 'trusted');
  },

  async 'what was fetched is cached until it expires'(context) {
    const given = await withIssuer(await signedBy('mallory', context), context);
    const kept = new Map();
    const cache = {
      get: async (key) => kept.get(key)?.data,
      put: async (key, data, until) => void kept.set(key, { data, until }),
    };
    const outcome = async (more) => {
      await requests(context);
      const all = { ...given, fetch: viaRelay(context), cache, revocation: 'hard', ...more };
      const { signatures } = await verify(all, context);
      return [signatures[0].revocation, (await requests(context)).length].join();
    };
    ok(/^revoked,[1-9]/.test(await outcome()));
    ok(kept.size > 0);
    for (const { data, until } of kept.values()) {
      ok(data instanceof Uint8Array && until instanceof Date && until > new Date());
    }
    equal(await outcome(), 'revoked,0');
    equal(await outcome({ fetch: undefined }), 'revoked,0');
    // The response is for a day, the CRLs are for a week.
    const later = await outcome({ now: new Date(Date.now() + 10 * 86_400_000) });
    ok(!later.endsWith(',0'), later);
    for (const entry of kept.values()) entry.data = bytesOf('garbage');
    await context.smime.terminate();
    ok(/^revoked,[1-9]/.test(await outcome()));
  },

  async 'a cache that fails is none'(context) {
    const given = await withIssuer(await signedBy('mallory', context), context);
    for (const broken of [throwing, () => Promise.reject(new Error('full')), () => 'AAAA', () => null]) {
      const all = { ...given, fetch: viaRelay(context), cache: { get: broken, put: broken } };
      equal((await verify(all, context)).signatures[0].revocation, 'revoked');
    }
  },

  async 'wrong options are refused'(context) {
    const { smime, files, options } = context;
    const message = await signedBy('grace', context);
    const get = async () => undefined;
    const codes = {
      'usage/wrong-option': [
        { fetch: 1 },
        { fetch: null },
        { cache: {} },
        { cache: { get } },
        { cache: () => {} },
        { crls: files['issuer.crl'] },
        { crls: ['x'] },
        { revocation: 'on' },
        { mayFetch: 1 },
        { trustAnchors: [{ certificate: 'x' }] },
      ],
      'usage/unknown-option': [{ trustAnchors: [{ certificate: files['root.der'], name: 'x' }] }],
    };
    for (const [code, list] of Object.entries(codes)) {
      for (const given of list) equal((await failure(verify({ message, ...given }, context))).code, code);
    }
    const [fetch, cache] = [() => null, { get, put: get }];
    for (const given of [{ fetch }, { cache }, { mayFetch: true }]) {
      const error = await failure(smime.inspect({ message, ...given, ...options }));
      equal(error.code, 'usage/unknown-option');
    }
  },

  async 'a trust anchor is trusted for what it says only'(context) {
    const { smime, files, options } = context;
    const given = await withIssuer(await signedBy('grace', context), context);
    const [root] = await smime.parseCertificates({ data: files['root.der'], ...options });
    const trust = async (limits) => {
      const trustAnchors = [{ certificate: root, ...limits }];
      return (await verify({ ...given, trustAnchors }, context)).signatures[0].trust;
    };
    equal(await trust({}), 'trusted');
    equal(await trust({ addresses: ['grace@example.com'] }), 'trusted');
    equal(await trust({ addresses: ['ada@example.com'] }), 'untrusted');
    equal(await trust({ addresses: ['ada@example.com'], domains: ['example.com'] }), 'trusted');
    equal(await trust({ domains: ['.example.com'] }), 'untrusted');
    equal(await trust({ distrustAfter: new Date(Date.now() + 86_400_000) }), 'trusted');
    equal(await trust({ distrustAfter: new Date(Date.now() - 86_400_000) }), 'untrusted');
  },

  async 'checkCertificate tells of a certificate alone'(context) {
    const { smime, files, options } = context;
    const check = (name, more) =>
      smime.checkCertificate({
        certificate: files[`${name}.der`],
        trustAnchors: [files['root.der']],
        intermediates: [files['issuer.der']],
        ...more,
        ...options,
      });
    const fetch = viaRelay(context);
    const good = await check('grace', { fetch, revocation: 'hard', address: 'grace@example.com' });
    equal([good.trust, good.revocation, good.problems.length].join(), 'trusted,good,0');
    equal(good.chain.map(({ subject }) => subject).join(' '), 'CN=grace CN=issuer CN=root');
    ok(good.chain[0] instanceof smime.Certificate && Array.isArray(good.policies));
    const bad = await check('mallory', { crls: [files['issuer.crl']], purpose: 'encryption' });
    equal([bad.trust, bad.revocation].join(), 'untrusted,revoked');
    equal((await check('grace', { address: 'ada@example.com' })).trust, 'untrusted');
    equal((await check('grace', { policies: { requireExplicit: true } })).trust, 'untrusted');
  },

  async 'nothing is fetched because of what was decrypted without integrity'(context) {
    const { smime, options } = context;
    // Mallory signs, so that her certificate's addresses are asked, and encrypts for the victim.
    const mail = await signedBy('mallory', context);
    const { identities } = await smime.importP12({
      data: context.files['grace.p12'],
      password: 'secret',
      ...options,
    });
    const open = async (cipher, compress = false) => {
      const recipients = [identities[0].certificate];
      const sealed = await smime.encrypt({ message: mail, recipients, cipher, compress, ...options });
      const { message } = await smime.decrypt({ message: sealed, identities, ...options });
      return compress ? (await smime.decompress({ message, ...options })).message : message;
    };
    const from = 'mallory@example.com';
    const outcome = async (message, more) => {
      await requests(context);
      const given = { message, from, fetch: viaRelay(context), revocation: 'hard', ...more };
      const { signatures: [{ revocation, problems }] } = await verify(given, context);
      const withheld = problems.find(({ code }) => code === 'fetch/withheld');
      if (withheld) ok(withheld.details.urls.every((url) => url.includes('.example.com/')));
      return [revocation, withheld !== undefined, (await requests(context)).length > 0].join();
    };
    const cbc = await open('aes-256-cbc');
    const { intermediates } = await withIssuer(cbc, context);
    equal(await outcome(cbc, { intermediates }), 'unknown,true,false');
    // Without the issuer there is no path whose revocation could be asked for.
    equal(await outcome(cbc), 'unchecked,true,false');
    equal(await outcome(cbc.subarray()), 'unchecked,true,false');
    equal(await outcome(cbc.buffer), 'unchecked,true,false');
    equal(await outcome(await open('aes-256-cbc', true)), 'unchecked,true,false');
    equal(await outcome(cbc.slice(), { mayFetch: false }), 'unchecked,true,false');
    equal(await outcome(mail, { mayFetch: false }), 'unchecked,true,false');
    // Signed beside it: whether that signature holds tells what it decrypted to.
    equal(await outcome(mail, { content: cbc }), 'unchecked,true,false');
    equal(await outcome(cbc, { mayFetch: true }), 'revoked,false,true');
    equal(await outcome(await open('aes-256-gcm')), 'revoked,false,true');

    // What it shows of the signer leads to the same addresses.
    const { signatures: [{ signer }] } = await verify({ message: cbc, from }, context);
    equal(await outcome(mail, { intermediates: [signer] }), 'unchecked,true,false');
    await requests(context);
    const check = (more) =>
      smime.checkCertificate({
        certificate: signer,
        trustAnchors: [context.files['root.der']],
        fetch: viaRelay(context),
        revocation: 'soft',
        ...more,
        ...options,
      });
    await check();
    equal((await requests(context)).length, 0);
    equal((await check({ mayFetch: true })).revocation, 'revoked');
  },

  async 'openMessage fetches nothing below encryption without integrity'(context) {
    const { smime, files, options } = context;
    const mail = await signedBy('mallory', context);
    const { identities } = await smime.importP12({ data: files['grace.p12'], password: 'secret', ...options });
    const seal = (cipher) =>
      smime.encrypt({ message: mail, recipients: [identities[0].certificate], cipher, ...options });
    const open = async (message, more) => {
      await requests(context);
      const opened = await smime.openMessage({
        message,
        identities,
        trustAnchors: [files['root.der']],
        fetch: viaRelay(context),
        revocation: 'hard',
        ...more,
        ...options,
      });
      const [{ revocation }] = opened.signatures;
      return { opened, outcome: [revocation, (await requests(context)).length > 0].join() };
    };
    const [cbc, gcm] = await Promise.all(['aes-256-cbc', 'aes-256-gcm'].map(seal));
    const { opened, outcome } = await open(cbc);
    equal(outcome, 'unchecked,false');
    equal((await open(cbc, { mayFetch: true })).outcome, 'revoked,true');
    equal((await open(gcm)).outcome, 'revoked,true');
    equal((await open(gcm, { mayFetch: false })).outcome, 'unchecked,false');
    equal((await open(mail)).outcome, 'revoked,true');

    // What it shows of such a message is remembered.
    const { message } = await smime.decrypt({ message: cbc, identities, ...options });
    equal((await open(message)).outcome, 'unchecked,false');
    const check = (certificate) =>
      smime.checkCertificate({
        certificate,
        trustAnchors: [files['root.der']],
        fetch: viaRelay(context),
        revocation: 'soft',
        ...options,
      });
    await check(opened.signatures[0].signer);
    await check(opened.layers[1].signatures[0].signer);
    equal((await requests(context)).length, 0);
  },
};

function throwing() {
  throw new Error('broken');
}

/** A mail of one of the authority's people, without the issuer's certificate. */
async function signedBy(name, { smime, files, options }) {
  const data = files[`${name}.p12`];
  const { identities: signers } = await smime.importP12({ data, password: 'secret', ...options });
  const message = bytesOf(`From: ${name}@example.com\r\nContent-Type: text/plain\r\n\r\nHello\r\n`);
  return smime.sign({ message, signers, include: 'certificate', ...options });
}

const withIssuer = (message, { files }) => ({ message, intermediates: [files['issuer.der']] });

/** Asks for revocation where something tells of it. */
const verify = (given, { smime, files, options }) => {
  const revocation = given.fetch || given.cache ? 'soft' : undefined;
  return smime.verify({ trustAnchors: [files['root.der']], revocation, ...given, ...options });
};

/** The callback of an application with a relay, whose server may misbehave. */
const viaRelay = ({ relay }, as = '') => async (url, { method, body, headers, signal }) => {
  const query = new URLSearchParams({ url, as });
  const response = await fetch(`${relay}/relay?${query}`, { method, body, headers, signal });
  const redirect = response.headers.get('X-Redirect');
  if (redirect) return { redirect };
  return response.ok ? response.blob() : null;
};

/** Reaches one host only. */
const only = (host, context) => (url, request) =>
  new URL(url).host === host ? viaRelay(context)(url, request) : null;

/** What was asked for since this was last called. */
const requests = async ({ relay }) => (await fetch(`${relay}/requests`)).json();
