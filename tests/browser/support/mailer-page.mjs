// The page that tests of the mailer work on.

import { fileURLToPath } from 'node:url';

import { makeIdentities } from '../../support/identities.mjs';
import { launch } from './chromium.mjs';
import { storePage } from './store-page.mjs';

export { secondTab } from './store-page.mjs';

/** A browser that serves the identities of the tests under `/files/`, and more folders; `close` ends both. */
export async function launchMailer({ folders = {} } = {}) {
  const identities = await makeIdentities();
  const chromium = await launch({ folders: { ...mailerFolders(identities), ...folders } });
  const close = async () => {
    await chromium.close();
    await identities.remove();
  };
  return { chromium, identities, close };
}

/** What has to be served for `run`. */
export const mailerFolders = ({ folder }) => ({
  '/files/': folder + '/',
  '/mailer-page/': fileURLToPath(new URL('mailer-page/', import.meta.url)),
  ...storePage,
});

/** Runs a function on a page with `mailer-page/tab.js` as its first argument. */
export const run = (page, work, ...rest) => {
  const source = `async (...rest) => (${work})(await import('/mailer-page/tab.js'), ...rest)`;
  return page.evaluate(`(${source})(...${JSON.stringify(rest)})`);
};
