// What the package promises wherever it runs. package.test.mjs runs each of these in Node, in place;
// tests/browser/package.test.mjs runs the same in a page, with and without a worker.
//
// Each is called with `smime` (the package), `files` (bytes of tests/support/identities.mjs by name)
// and `options`, what every call has to pass besides.

import { equal, failure, ok, same } from './check.js';

export const behaviour = {
  async 'importP12 gives identities with certificates and chain'({ smime, files, options }) {
    const { identities, certificates, problems } = await smime.importP12({
      data: files['alice.p12'],
      password: 'secret',
      ...options,
    });
    equal(identities.length, 1);
    const [alice] = identities;
    ok(alice instanceof smime.Identity && alice.certificate instanceof smime.Certificate);
    same(alice.certificate.der, files['alice.der']);
    equal(alice.certificate.addresses.join(), 'alice@example.com');
    equal(alice.certificate.publicKey.bits, 2048);
    ok(alice.certificate.notAfter instanceof Date && alice.certificate.notAfter > new Date());
    equal(alice.certificate.isCa, false);
    same(alice.chain[0].der, files['ca.der']);
    equal(alice.chain[0].isCa, true);
    equal(certificates.length, 1);
    same(certificates[0].der, files['ca.der']);
    equal(problems.length, 0);
    ok(Object.isFrozen(alice) && Object.isFrozen(alice.certificate.addresses));
  },

  async 'bytes are Uint8Array, ArrayBuffer or Blob, and a view is only its part'({ smime, files, options }) {
    const bytes = files['alice.p12'];
    const larger = new Uint8Array(bytes.length + 200);
    larger.set(bytes, 100);
    for (const data of [
      bytes,
      bytes.slice().buffer,
      new Blob([bytes]),
      larger.subarray(100, 100 + bytes.length),
      new DataView(larger.buffer, 100, bytes.length),
    ]) {
      const { identities } = await smime.importP12({ data, password: 'secret', ...options });
      equal(identities.length, 1);
      await identities[0].close();
    }
    equal(larger.length, bytes.length + 200);
  },

  async 'a password is text or its bytes, and bytes stay with the caller'({ smime, files, options }) {
    const password = new TextEncoder().encode('secret');
    const { identities } = await smime.importP12({ data: files['alice.p12'], password, ...options });
    equal(identities.length, 1);
    equal(new TextDecoder().decode(password), 'secret');
  },

  async 'strings and other values are no bytes'({ smime, options }) {
    const wrong = ['From: a', 3, true, null, {}, [1, 2], () => {}, Symbol('x'), 3n, new Date(), new Map()];
    for (const data of wrong) {
      const error = await failure(smime.importP12({ data, password: 'x', ...options }));
      equal(error.code, 'usage/wrong-option');
      equal(error.details.option, 'data');
      ok(error.details.expected.includes('never a string'));
    }
  },

  async 'unknown and missing options are refused'({ smime, options }) {
    const unknown = await failure(smime.importP12({ data: new Uint8Array(1), pasword: 'x', ...options }));
    equal(unknown.code, 'usage/unknown-option');
    equal(unknown.details.option, 'pasword');
    ok(unknown.message.endsWith('It takes data, password, and what all calls take.'));
    const missing = await failure(smime.importP12({ data: new Uint8Array(1), ...options }));
    equal(missing.code, 'usage/missing-option');
    equal(missing.details.option, 'password');
  },

  async 'a loop in the options ends'({ smime, options }) {
    const loop = {};
    loop.loop = [loop];
    const error = await failure(smime.importP12({ data: loop, password: 'x', ...options }));
    equal(error.code, 'usage/wrong-option');
  },

  async 'limits hold for one call'({ smime, files, options }) {
    const data = files['alice.p12'];
    const error = await failure(
      smime.importP12({ data, password: 'secret', limits: { inputBytes: 100 }, ...options }),
    );
    equal(error.code, 'limit/input-bytes');
    equal(error.details.allowed, 100);
    equal(error.details.required, data.length);
    await smime.importP12({ data, password: 'secret', ...options });
  },

  async 'an aborted signal rejects at once'({ smime, files, options }) {
    const reason = new Error('not now');
    const signal = AbortSignal.abort(reason);
    const error = await failure(
      smime.importP12({ data: files['slow.p12'], password: 'secret', signal, ...options }),
    );
    equal(error.code, 'aborted');
    equal(error.cause, reason);
  },

  async 'abort ends the work within 50 ms, and the module goes on'({ smime, files, options }) {
    await smime.importP12({ data: files['bob.p12'], password: 'secret', ...options });
    const controller = new AbortController();
    const running = failure(
      smime.importP12({
        data: files['slow.p12'],
        password: 'secret',
        signal: controller.signal,
        onProgress: () => controller.abort('enough'),
        ...options,
      }),
    );
    const abort = new Promise((resolve) => {
      controller.signal.onabort = () => resolve(performance.now());
    });
    const aborted = await abort;
    const error = await running;
    ok(performance.now() - aborted < 50, 'it rejects within 50 ms');
    equal(error.code, 'aborted');
    equal(error.cause, 'enough');
    // Had the work not ended, this would share the module with a second of it.
    await failure(smime.importP12({ data: new Uint8Array(1), password: 'x', ...options }));
    ok(performance.now() - aborted < 100, 'the module is free within 100 ms');
  },

  async 'progress is told, not too often, and others may work meanwhile'({ smime, files, options }) {
    const told = [];
    let turns = 0;
    const turn = () => {
      turns += 1;
      timer = setTimeout(turn);
    };
    let timer = setTimeout(turn);
    const onProgress = (progress) => told.push(progress);
    const start = performance.now();
    await smime.importP12({ data: files['slow.p12'], password: 'secret', onProgress, ...options });
    clearTimeout(timer);
    const most = (performance.now() - start) / 50 + 2;
    ok(told.length >= 5 && told.length <= most, `told ${told.length} times of at most ${most}`);
    ok(turns >= 20, `${turns} turns`);
    for (const { done, total } of told) {
      ok(Number.isInteger(done) && done >= 0 && done <= total, `${done} of ${total}`);
    }
  },

  async 'what onProgress throws ends the call'({ smime, files, options }) {
    const mine = new Error('mine');
    const onProgress = () => {
      throw mine;
    };
    const error = await failure(
      smime.importP12({ data: files['slow.p12'], password: 'secret', onProgress, ...options }),
    );
    equal(error.code, 'aborted');
    equal(error.cause, mine);
  },

  async 'a closed identity is closed for good'({ smime, files, options }) {
    const alice = await identity(smime, files, options);
    await alice.close();
    await alice.close();
    const error = await failure(smime.exportP12({ identity: alice, password: 'x', ...options }));
    equal(error.code, 'identity/closed');
    const bob = await identity(smime, files, options);
    bob[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
    equal((await failure(smime.exportP12({ identity: bob, password: 'x', ...options }))).code, 'identity/closed');
  },

  async 'only an Identity is taken for one'({ smime, files, options }) {
    await identity(smime, files, options);
    for (const fake of [1, '1', null, {}, { id: 1 }, [1]]) {
      const error = await failure(smime.exportP12({ identity: fake, password: 'x', ...options }));
      equal(error.code, 'usage/wrong-option');
      equal(error.details.option, 'identity');
    }
  },

  async 'a trap ends what runs, and the next call gets a new module'({ smime, files, options }) {
    const alice = await identity(smime, files, options);
    const running = failure(smime.importP12({ data: files['slow.p12'], password: 'secret', ...options }));
    const trap = await failure(overflow(smime, options));
    equal(trap.code, 'internal/trap');
    ok(trap.cause instanceof Error, 'the trap is the cause');
    equal((await running).code, 'internal/trap');
    for (let times = 0; times < 2; times += 1) {
      const error = await failure(smime.exportP12({ identity: alice, password: 'x', ...options }));
      equal(error.code, 'identity/lost');
    }
    await alice.close();
    await identity(smime, files, options);
    equal((await failure(overflow(smime, options))).code, 'internal/trap');
    await identity(smime, files, options);
  },

  async 'lock ends what runs and locks every identity'({ smime, files, options }) {
    const alice = await identity(smime, files, options);
    const running = failure(smime.importP12({ data: files['slow.p12'], password: 'secret', ...options }));
    await smime.lock();
    equal((await running).code, 'identity/locked');
    const error = await failure(smime.exportP12({ identity: alice, password: 'x', ...options }));
    equal(error.code, 'identity/locked');
    await alice.close();
    await identity(smime, files, options);
  },

  async 'terminate ends what runs, and the next call starts anew'({ smime, files, options }) {
    const alice = await identity(smime, files, options);
    const running = failure(smime.importP12({ data: files['slow.p12'], password: 'secret', ...options }));
    await smime.terminate();
    equal((await running).code, 'aborted');
    const error = await failure(smime.exportP12({ identity: alice, password: 'x', ...options }));
    equal(error.code, 'identity/lost');
    await smime.terminate();
    await identity(smime, files, options);
  },
};

/** Alice. */
async function identity(smime, files, options) {
  const { identities } = await smime.importP12({ data: files['alice.p12'], password: 'secret', ...options });
  return identities[0];
}

/**
 * A call that overflows the module's stack: values nested four million deep, with the cap on that
 * lifted.
 */
function overflow(smime, options) {
  const data = new Uint8Array(8_000_000).fill(0x80);
  for (let i = 0; i < data.length; i += 2) data[i] = 0x30;
  const limits = { asn1Depth: 1e9, asn1Values: 1e9 };
  return smime.importP12({ data, password: 'x', limits, ...options });
}
