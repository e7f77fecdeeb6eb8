// A picture of each view of the demo, in both languages, light, dark, as wide as a phone, and enlarged, in
// target/screenshots/: they are to be looked at. With WRITE_PICTURE=1 the one of the README is made anew.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { button, launchDemo, waitFor, waitForText } from './support/demo-page.mjs';
import { comeAgain, textsIn, toMenu, views } from './support/demo-views.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const screenshots = join(root, 'target/screenshots');
mkdirSync(screenshots, { recursive: true });

const { demo } = launchDemo();

/** Pictures of one browser are enough to be looked at. */
const without = { Firefox: 'pictures are of Chromium', WebKit: 'pictures are of Chromium' };

const screen = { width: 1280, height: 860 };
const phone = { width: 390, height: 844, deviceScaleFactor: 2 };

/** The last ones with `cargo xtask test --all`. */
const looks = {
  light: { viewport: screen, scheme: 'light' },
  dark: { viewport: screen, scheme: 'dark' },
  phone: { viewport: phone, scheme: 'light' },
  ...(process.env.SMIME_TEST_ALL && {
    'phone-dark': { viewport: phone, scheme: 'dark' },
    // The narrowest phones, and 200 % on a small screen.
    narrow: { viewport: { width: 360, height: 740, deviceScaleFactor: 2 }, scheme: 'light' },
    'zoom-200': { viewport: { width: 640, height: 430, deviceScaleFactor: 2 }, scheme: 'light' },
  }),
};

for (const code of ['en', 'de']) {
  const t = textsIn(code);
  demo(
    `a picture of each view is taken in all looks, and nothing is cut off: ${code}`,
    async (page) => {
      await page.setViewport(screen);
      await page.evaluate((chosen) => localStorage.setItem('smime-wasm-demo.language', chosen), code);
      await page.reload();
      await waitForText(page, t('welcome.own.do'));
      await takeAll(page, `welcome-${code}`);
      await button(page, t('welcome.samples.do'));
      await waitFor(page, '[data-sample="plain"]');
      for (const [view, come] of Object.entries(views)) {
        await come(page, t);
        await takeAll(page, `${view}-${code}`, () => comeAgain(page, view));
      }
      await page.keyboard.press('Escape');
      await page.setViewport(phone);
      await toMenu(page, t);
      await setTimeout(150);
      await page.screenshot({ path: join(screenshots, `menu-${code}-phone.png`) });
    },
    { begin: false, without },
  );
}

if (process.env.WRITE_PICTURE) {
  demo(
    'the picture of the README',
    async (page) => {
      await page.setViewport({ width: 1200, height: 640 });
      await views.reading(page);
      await page.mouse.move(900, 600);
      await setTimeout(400);
      await page.screenshot({ path: join(root, 'docs/mailer.webp'), type: 'webp', quality: 80 });
    },
    { without },
  );
}

async function takeAll(page, name, comeAgain = () => {}) {
  for (const [look, { viewport, scheme }] of Object.entries(looks)) {
    await page.setViewport(viewport);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await comeAgain();
    await setTimeout(150);
    await page.screenshot({ path: join(screenshots, `${name}-${look}.png`) });
    await assertNothingCut(page, `${name}-${look}`);
  }
  await page.setViewport(screen);
}

/** What is wider than its place makes the page scroll sideways. */
async function assertNothingCut(page, view) {
  const isCut = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(isCut, false, view);
}
