// The views of the demo: for its pictures, and for what has to hold in all of them.

import { join } from 'node:path';

import { catalogue } from '../../../www/app/texts/index.js';
import { button, click, fill, pick, samples, seeAll, type, waitFor, waitForSigns, waitForText } from './demo-page.mjs';
import { handleOnPage } from './lookup.mjs';

/** The texts of the demo in a language. */
export const textsIn = (code) => (key) => catalogue[key][code];

/** Sections of the settings, which are scrolled to. */
const sections = { unlocking: 'unlock-section', sharing: 'shared-section', sync: 'sync-section', data: 'data-section' };

/** Comes to a view again, where another size of the page has moved it out of sight. */
export const comeAgain = async (page, view) => sections[view] && scrollTo(page, sections[view]);

/**
 * The views, in the order in which a person comes to them. `t` gives the texts of the page.
 *
 * @type {Record<string, (page: Page, t: (key: string) => string) => Promise<void>>}
 */
export const views = {
  inbox: (page) => toInbox(page),
  reading: async (page) => {
    await pick(page, 'signed-encrypted');
    await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  },
  details: async (page) => {
    await click(page, 'security-details >>> summary');
    await waitFor(page, 'header-fields');
    await click(page, 'header-fields >>> summary');
  },
  altered: async (page) => {
    await toInbox(page);
    await pick(page, 'altered');
    await waitForSigns(page, 'badge/altered');
  },
  offer: async (page) => {
    await toInbox(page);
    await pick(page, 'unknown-issuer');
    await waitForSigns(page, 'badge/not-verified');
  },
  unreadable: async (page) => {
    await toInbox(page);
    await pick(page, 'not-for-me');
    await waitForSigns(page, 'lock/unreadable');
  },
  html: async (page) => {
    await toInbox(page);
    await pick(page, 'newsletter');
    await waitFor(page, 'iframe');
  },
  empty: async (page) => {
    await go(page, '#/mail/erika%40example.com/drafts');
    await waitFor(page, 'mail-list >>> .empty');
  },
  writing: async (page, t) => {
    await toInbox(page);
    await pick(page, 'signed-encrypted');
    await waitForSigns(page, 'badge/verified', 'lock/encrypted');
    await button(page, t('answer.reply'));
    await waitForText(page, t('answer.must-encrypt').slice(0, 20));
  },
  recipients: async (page, t) => {
    await button(page, t('write.discard'));
    await waitForText(page, t('write.discarded'));
    await click(page, 'message-bar >>> button');
    await button(page, t('app.compose'));
    await type(page, t('write.to'), 'max@example.net, nobody@example.org,');
    await waitFor(page, 'li.not-ready');
    await fill(page, t('write.subject'), 'Angebot 4711');
    await fill(page, t('write.text'), 'Guten Tag,\n\nanbei unser Angebot.');
  },
  choice: async (page, t) => {
    await button(page, t('write.encrypt'));
    await button(page, t('write.send'));
    await waitForText(page, t('without.who'));
  },
  certificates: async (page) => {
    await page.keyboard.press('Escape');
    await go(page, '#/certificates');
    await waitFor(page, 'tbody tr');
  },
  certificate: async (page) => {
    await click(page, 'certificates-page >>> tr.own button');
    await waitFor(page, 'certificate-facts');
  },
  settings: async (page) => {
    await page.keyboard.press('Escape');
    await go(page, '#/settings');
    await waitFor(page, '[data-setting]');
  },
  ...Object.fromEntries(Object.keys(sections).map((view) => [view, (page) => comeAgain(page, view)])),
  developers: async (page) => {
    await go(page, '#/developers');
    await waitFor(page, 'pre');
  },
  import: async (page) => {
    await toInbox(page);
    const field = await handleOnPage(page, ({ all }, it) => all(it)[0], '#pick');
    await field.uploadFile(join(samples, 'max.p12'));
    await waitFor(page, 'import-dialog >>> dialog[open]');
  },
  unlock: async (page) => {
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.querySelector('demo-app').renderRoot.querySelector('unlock-dialog').open() && 0);
    await waitFor(page, 'unlock-dialog >>> dialog[open]');
  },
};

/** The menu, which small screens have a button for. */
export async function toMenu(page, t) {
  await go(page, '#/mail/erika%40example.com/drafts');
  await button(page, t('app.menu'));
  await waitFor(page, 'app-rail >>> .close');
}

const go = (page, hash) => page.evaluate((to) => (location.hash = to), hash);

async function toInbox(page) {
  await go(page, '#/mail/erika%40example.com/inbox');
  await waitFor(page, '[data-sample="plain"]');
}

async function scrollTo(page, name) {
  await waitFor(page, name);
  await seeAll(page, name, ([section]) => section.scrollIntoView({ block: 'start' }));
}
