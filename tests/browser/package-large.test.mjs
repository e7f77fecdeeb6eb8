// A mail with a 25 MB attachment: the page stays alive, progress is told, and cancelling works.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { makeIdentities } from '../support/identities.mjs';
import { launch } from './support/chromium.mjs';

const identities = await makeIdentities();
const chromium = await launch({ folders: { '/files/': identities.folder + '/' } });
after(async () => {
  await chromium.close();
  await identities.remove();
});

/** What the issue allows the page's main thread to be busy in one piece. */
const LONGEST_TASK_MS = 100;

/** How soon a cancelled call has to reject. */
const CANCEL_MS = 50;

for (const [form, cipher] of [['detached', 'aes-256-cbc'], ['opaque', 'aes-256-gcm']]) {
  test(`25 MB, ${form} and ${cipher}`, (t) =>
    chromium.page(async (page) => {
      const steps = await page.evaluate(mailOf25MB, form, cipher);
      for (const { verb, ms, longestTask, progress, cancel } of steps) {
        t.diagnostic(
          `${verb}: ${ms} ms, longest task ${longestTask} ms, progress ${progress} times` +
            (cancel ? `, cancelled after ${cancel.ms} ms, free again after ${cancel.free} ms` : ''),
        );
        assert.ok(longestTask < LONGEST_TASK_MS, `${verb} held up the page for ${longestTask} ms`);
        if (verb === 'composeMessage') continue;
        assert.ok(progress >= 2, `${verb} told progress ${progress} times`);
        assert.equal(cancel.code, 'aborted');
        assert.ok(cancel.ms < CANCEL_MS, `${verb} rejected ${cancel.ms} ms after it was cancelled`);
      }
    }));
}

async function mailOf25MB(form, cipher) {
  const smime = await import('/smime-wasm/index.js');
  const file = async (name) => (await fetch(`/files/${name}`)).blob();
  const one = async (name) =>
    (await smime.importP12({ data: await file(name), password: 'secret' })).identities[0];
  const [alice, bob] = [await one('alice.p12'), await one('bob.p12')];
  const trustAnchors = await smime.parseCertificates({ data: await file('ca.der') });

  const longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries())).observe({ entryTypes: ['longtask'] });
  const steps = [];
  /** Long tasks are told a little later. */
  const quiet = () => new Promise((resolve) => setTimeout(resolve, 60));

  /** Runs a verb to its end, then again to cancel it in the middle. */
  const step = async (verb, options, { cancels = true } = {}) => {
    await quiet();
    longTasks.length = 0;
    let progress = 0;
    const start = performance.now();
    const value = await smime[verb]({ ...options, onProgress: () => (progress += 1) });
    const ms = performance.now() - start;
    await quiet();
    const longestTask = Math.max(0, ...longTasks.map(({ duration }) => duration));
    steps.push({
      verb,
      ms: Math.round(ms),
      longestTask: Math.round(longestTask),
      progress,
      cancel: cancels ? await cancel(verb, options) : undefined,
    });
    return value;
  };

  const cancel = async (verb, options) => {
    const controller = new AbortController();
    let cancelled;
    const onProgress = () => {
      cancelled ??= performance.now();
      controller.abort();
    };
    const code = await smime[verb]({ ...options, signal: controller.signal, onProgress }).then(
      () => 'finished',
      (error) => error.code,
    );
    const ms = performance.now() - cancelled;
    // The worker answers another call as soon as it has dropped the cancelled one.
    await smime.parseCertificates({ data: trustAnchors[0].der });
    return { code, ms: Math.round(ms), free: Math.round(performance.now() - cancelled) };
  };

  const attachment = new Uint8Array(25 << 20);
  for (let at = 0; at < attachment.length; at += 65_536) {
    crypto.getRandomValues(attachment.subarray(at, at + 65_536));
  }
  const message = await step(
    'composeMessage',
    {
      from: { address: 'alice@example.com' },
      to: [{ address: 'bob@example.com' }],
      subject: 'Large',
      text: 'See the attachment.',
      attachments: [{ name: 'large.bin', data: new Blob([attachment]) }],
    },
    { cancels: false },
  );
  const signed = await step('sign', { message, signers: [alice], form });
  const sealed = await step('encrypt', { message: signed, recipients: [bob.certificate], cipher });
  const opened = await step('decrypt', { message: sealed, identities: [bob] });
  const verified = await step('verify', { message: opened.message, trustAnchors, from: 'alice@example.com' });
  if (verified.status !== 'verified') throw new Error(JSON.stringify(verified.signatures));
  return steps;
}
