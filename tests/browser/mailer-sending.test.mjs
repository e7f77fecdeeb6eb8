// Settings and sending in Chromium.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchMailer, run } from './support/mailer-page.mjs';

const { chromium, close } = await launchMailer();
after(close);

test('C1: administrators set and lock settings', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, code }) => {
      const policy = { alwaysSign: { value: false, locked: true }, harvest: { value: 'ask' } };
      const mailer = await aliceMailer({ policy });
      const before = await mailer.settings();
      const refused = await code(mailer.changeSettings({ values: { searchText: true, alwaysSign: true } }));
      const untouched = await mailer.settings();
      await mailer.changeSettings({ values: { harvest: 'never' } });
      const { values, locked } = await mailer.settings({ account: 'alice@example.com' });
      return {
        before: [before.values.alwaysSign, before.values.harvest, before.locked],
        refused,
        untouched: untouched.values.searchText,
        now: [values.alwaysSign, values.harvest, locked],
        wrong: await Promise.all(
          [{ alwaysSing: { value: true } }, { harvest: { value: 'now' } }, { harvest: 'ask' }, 7].map((policy) =>
            code(aliceMailer({ policy })),
          ),
        ),
      };
    });
    assert.deepEqual(found, {
      before: [false, 'ask', ['alwaysSign']],
      refused: 'refused/setting-locked',
      untouched: false,
      now: [false, 'never', ['alwaysSign']],
      wrong: ['usage/unknown-option', 'usage/wrong-option', 'usage/wrong-option', 'usage/wrong-option'],
    });
  }));

test('settings are kept for everything, an account and a contact, and bad ones change nothing', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, code }) => {
      const mailer = await aliceMailer();
      const account = 'alice@example.com';
      const contact = 'bob@example.com';
      await mailer.changeSettings({ values: { encryptTo: 'all', remindDays: [14] } });
      await mailer.changeSettings({ account, values: { encryptTo: 'newest' } });
      await mailer.changeSettings({ contact, values: { encryptTo: 'next-newest' } });
      mailer.close();
      const again = await aliceMailer();
      const of = async (options) => (await again.settings(options)).values;
      const codes = await Promise.all(
        [
          {},
          { values: [] },
          { values: { encryptTo: 'oldest' } },
          { values: { encryptTo: 1 } },
          { values: { remindDays: [0.5] } },
          { values: { volume: 11 } },
          { values: {}, account: 'eve@example.com' },
          { values: {}, account, contact },
          { values: { alwaysSign: false }, contact },
          { values: {}, colour: 'red' },
        ].map((options) => code(again.changeSettings(options))),
      );
      return {
        values: [(await of()).encryptTo, (await of({ account })).encryptTo, (await of({ account, contact })).encryptTo],
        remindDays: (await of()).remindDays,
        codes,
      };
    });
    assert.deepEqual(found.values, ['all', 'newest', 'next-newest']);
    assert.deepEqual(found.remindDays, [14]);
    assert.deepEqual(found.codes, [
      'usage/missing-option',
      ...Array(4).fill('usage/wrong-option'),
      'usage/unknown-option',
      ...Array(3).fill('usage/wrong-option'),
      'usage/unknown-option',
    ]);
  }));
