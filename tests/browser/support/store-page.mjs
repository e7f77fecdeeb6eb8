// The page that tests of the store work on.

import { fileURLToPath } from 'node:url';

/** What `launch` has to serve besides. */
export const storePage = { '/store-page/': fileURLToPath(new URL('store-page/', import.meta.url)) };

/** Runs a function on a page with `store-page/tab.js` as its first argument. */
export const run = (page, work, ...rest) => {
  const source = `async (...rest) => (${work})(await import('/store-page/tab.js'), ...rest)`;
  return page.evaluate(`(${source})(...${JSON.stringify(rest)})`);
};

/** Another tab with the same storage. */
export async function secondTab(page, prepare = () => {}) {
  const second = await page.browserContext().newPage();
  await prepare(second);
  await second.goto(page.url());
  return second;
}
