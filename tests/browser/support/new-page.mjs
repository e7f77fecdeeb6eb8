// A page of a browser that puppeteer drives, with storage of its own.

import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';

/**
 * Runs a test on a new page of a context, and closes that. Fails if a page of the context reports an error to
 * the console or leaves one uncaught.
 *
 * @template T
 * @param {import('puppeteer-core').BrowserContext} context
 * @param {string} url the page to open
 * @param {(page: import('puppeteer-core').Page) => Promise<T>} body
 * @param {object} [options]
 * @param {RegExp[]} [options.expectedErrors] errors the test provokes
 * @param {boolean} [options.mustOccur] whether each of them must occur
 * @returns {Promise<T>}
 */
export async function onNewPage(context, url, body, { expectedErrors = [], mustOccur = true } = {}) {
  const errors = [];
  context.on('targetcreated', async (target) => {
    if (target.type() === 'page') collectErrors(await target.page(), errors);
  });
  try {
    const page = await context.newPage();
    await page.goto(url);
    const result = await body(page);
    await setTimeout(200); // workers report through connections of their own
    assertExpected(errors, expectedErrors, mustOccur);
    return result;
  } catch (error) {
    if (errors.length) error.message += `\nErrors on the page:\n${errors.join('\n')}`;
    throw error;
  } finally {
    await context.close();
  }
}

/** Fails over errors that nobody expects, and over expected ones that stay away where each must occur. */
export function assertExpected(errors, expectedErrors, mustOccur) {
  const unexpected = errors.filter((text) => !expectedErrors.some((expected) => expected.test(text)));
  assert.deepEqual(unexpected, [], 'errors on the page');
  for (const expected of mustOccur ? expectedErrors : []) {
    assert.ok(errors.some((text) => expected.test(text)), `no error on the page matches ${expected}`);
  }
}

const seen = new WeakSet();

function collectErrors(page, errors) {
  if (!page || seen.has(page)) return;
  seen.add(page);
  page.on('pageerror', (error) => errors.push(String(error?.stack ?? error)));
  page.on('console', (message) => {
    if (['error', 'warn', 'warning'].includes(message.type())) {
      errors.push(`${message.text()} (${message.location().url ?? 'no address'})`);
    }
  });
}
