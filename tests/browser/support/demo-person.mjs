// The demo as a person uses it: found by what assistive technology reads, driven by keys, clicks and files.

import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { handleOnPage, onPage } from './lookup.mjs';

/** How long something may take to come, on a machine that does other things too. */
const patience = process.env.SMIME_TEST_ALL ? 180_000 : 30_000;

/** The browser of a page, by `name`, and the folder of its `downloads`. */
export const places = new WeakMap();

// What is seen. Selectors are those of lookup.mjs.

/** Waits until something can be seen. @returns its handle */
export async function waitFor(page, selector) {
  await patiently(
    async () => ((await isThere(page, selector)) ? undefined : 'it is not there'),
    `waiting for ${selector}`,
  );
  return handleOnPage(page, ({ visible, all }, it) => visible(it)[0] ?? all(it)[0], selector);
}

export async function waitForText(page, text) {
  await waitFor(page, `::-p-text(${text})`);
}

/** Waits until nothing of it can be seen. */
export async function waitUntilGone(page, selector) {
  await patiently(
    async () => ((await isThere(page, selector)) ? 'it is still there' : undefined),
    `waiting until ${selector} is gone`,
  );
}

/** Waits until a function that runs on the page says yes to all that a selector finds, seen or not. */
export async function waitUntil(page, selector, isSo, ...args) {
  await patiently(
    async () => ((await seeAll(page, selector, isSo, ...args)) ? undefined : 'not so'),
    `waiting until ${isSo} for ${selector}`,
  );
}

/** Waits until a question has the answer yes. */
export async function untilSo(ask, what = String(ask)) {
  await patiently(async () => ((await ask()) ? undefined : 'not yet'), `waiting for ${what}`);
}

/** Whether something can be seen now. */
export function isThere(page, selector) {
  return onPage(page, ({ visible }, it) => visible(it).length > 0, selector);
}

/** What a function that runs on the page says of everything that a selector finds, seen or not. */
export function seeAll(page, selector, body, ...args) {
  return onPage(page, `({ all }, it, ...args) => (${body})(all(it), ...args)`, selector, ...args);
}

/** The same of the first that can be seen, once it is there. */
export async function see(page, selector, body, ...args) {
  await waitFor(page, selector);
  return onPage(page, `({ visible }, it, ...args) => (${body})(visible(it)[0], ...args)`, selector, ...args);
}

/** The subjects of the list. */
export const subjects = (page) => seeAll(page, 'mail-list >>> .subject', (all) => all.map(({ textContent }) => textContent));

/** What badge and lock say of the mail that was picked last, with their reasons. */
export async function verdictOf(page) {
  await waitFor(page, 'article[aria-busy="false"] security-details');
  const [badge, lock] = await seeAll(page, 'security-details >>> section[data-code]', (sections) =>
    sections.map(({ dataset }) => ({ code: dataset.code, reasons: dataset.reasons.split(' ').filter(Boolean) })),
  );
  return { badge: badge.code, lock: lock.code, reasons: [...badge.reasons, ...lock.reasons] };
}

/** Waits until badge and lock of the mail in view say this. */
export async function waitForSigns(page, ...codes) {
  for (const code of codes) {
    if (code === 'lock/none') continue;
    await waitFor(page, `button.sign[data-code="${code}"]`);
  }
}

// What is done

/** Clicks what a selector finds, once it is there, stands still, and nothing lies over it. */
export async function click(page, selector) {
  const clickNow = clicker(page, selector);
  await patiently(async () => (await clickNow()).why, `clicking ${selector}`);
}

/**
 * A function that clicks, or tells why not. What comes under the click instead is left alone, and there is another
 * try: pages grow while they load. People would not forgive that often.
 */
function clicker(page, selector) {
  let missed = 0;
  return async () => {
    const target = await onPage(page, ({ aim }, it) => aim(it), selector);
    if (target.why) return target;
    await page.mouse.click(target.x, target.y);
    const isMissed = await onPage(page, ({ isMissed }) => isMissed()).catch((error) => {
      if (isGone(error)) return false; // the click has left the page
      throw error;
    });
    if (!isMissed) return target;
    missed += 1;
    if (missed > 2) throw new Error(`something else came under the click on ${selector}, again and again`);
    return { why: 'something else came under the click' };
  };
}

/** What assistive technology calls so. */
export const named = (name, role) => `::-p-aria([name="${name}"]${role ? `[role="${role}"]` : ''})`;

export const button = (page, name) => click(page, named(name, 'button'));

export const checkbox = (page, name) => click(page, named(name, 'checkbox'));

/** Types a text into a field, in place of what is there. */
export async function fill(page, label, text) {
  await patiently(async () => {
    const why = await focus(page, label, (field) => field.select());
    if (why) return why;
    if (text) await page.keyboard.type(text);
    else await page.keyboard.press('Delete');
    const value = await onPage(page, ({ visible }, it) => visible(it)[0]?.value, named(label));
    // What was typed into fields that come and go with a text, or while a dialog opened, is somewhere else.
    return value === text || value === undefined ? undefined : `it holds ${value}`;
  }, `filling ${label}`);
}

/** Types into a field, key by key, after what is there. */
export async function type(page, label, text) {
  await patiently(() => focus(page, label, () => {}), `typing into ${label}`);
  await page.keyboard.type(text);
}

/** Puts the focus on a field, or tells why not. */
const focus = (page, label, then) =>
  onPage(page, `({ visible }, it) => {
    const [field] = visible(it).filter((one) => one.matches('input, textarea'));
    if (!field || field.disabled) return 'it is not there';
    field.focus();
    if (!field.matches(':focus')) return 'it takes no focus';
    (${then})(field);
  }`, named(label));

/** Chooses from a list by its value. */
export async function choose(page, selector, value) {
  const chooseNow = ({ visible }, it, wanted) => {
    const [list] = visible(it);
    if (!list || list.disabled) return 'it is not there';
    if (![...list.options].some((option) => option.value === wanted)) return 'there is no such choice';
    list.value = wanted;
    list.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    list.dispatchEvent(new Event('change', { bubbles: true }));
    return undefined;
  };
  await patiently(() => onPage(page, chooseNow, selector, value), `choosing ${value} from ${selector}`);
}

/** Goes to a folder of an account. */
export async function folder(page, account, name) {
  const found = `nav[aria-label="Folders of ${account}"] [data-folder="${name.toLowerCase()}"]`;
  await click(page, found);
  // On a small screen the menu closes over it.
  await waitUntil(page, found, ([one]) => one?.getAttribute('aria-current') === 'page');
}

export async function workAs(page, name) {
  await button(page, `Work as ${name}`);
  await waitUntilAtWork(page, name);
}

/** Goes over to who got a mail, by what is said of its delivery. */
export async function seeItAs(page, name) {
  await button(page, `See it as ${name}`);
  await waitUntilAtWork(page, name);
}

const waitUntilAtWork = (page, name) => waitFor(page, `button[aria-label="Work as ${name}"][aria-pressed="true"]`);

/** Picks one of the samples. */
export async function pick(page, sample) {
  await pickRow(page, `[data-sample="${sample}"]`);
}

/** Picks the newest mail of the folder. */
export async function pickFirst(page) {
  await pickRow(page, 'mail-list >>> li button');
}

async function pickRow(page, selector) {
  const clickNow = clicker(page, selector);
  await patiently(async () => {
    const { why, mail } = await clickNow();
    if (why) return why;
    for (let i = 0; i < 20; i += 1) {
      if (await page.evaluate((id) => location.hash.endsWith(`/${id}`), mail)) return undefined;
      await setTimeout(50);
    }
    return 'the mail is not shown';
  }, `picking ${selector}`);
}

/** Unlocks the keys by the button of the rail. */
export async function unlock(page, passphrase = 'demo') {
  await button(page, 'Unlock keys');
  await fill(page, 'Passphrase', passphrase);
  await page.keyboard.press('Enter');
  await waitFor(page, named('Lock keys'));
}

/** Begins a mail, and waits until all it goes to are known to be able to read it encrypted. */
export async function write(page, { to, ...fields }) {
  await button(page, 'New mail');
  await type(page, 'To', `${to},`);
  await waitForText(page, 'Everyone can read encrypted mail.');
  if (fields.subject) await fill(page, 'Subject', fields.subject);
  if (fields.text) await fill(page, 'Text', fields.text);
}

/** Attaches files to a draft by the dialog of the system, or where no driver has that, by the field behind it. */
export async function attach(page, ...files) {
  const name = 'Attach …';
  if (places.get(page).name === 'WebKit') {
    const find = ({ all, nameOf }, wanted) => all('compose-view >>> input[type="file"]').find((one) => nameOf(one) === wanted);
    return (await handleOnPage(page, find, name)).uploadFile(...files);
  }
  const [chooser] = await Promise.all([page.waitForFileChooser(), button(page, name)]);
  return chooser.accept(files);
}

/** Where the middle of the page is. */
const middle = { x: 700, y: 400 };

/** Drags files from outside onto the middle of the page, as the system does. */
export async function dropFiles(page, files) {
  if (places.get(page).name !== 'Chromium') return dropChosen(page, files);
  const client = await page.createCDPSession();
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const kind of ['dragEnter', 'dragOver', 'drop']) {
    await client.send('Input.dispatchDragEvent', { type: kind, ...middle, data });
  }
  return client.detach();
}

/** The same where a driver can only choose files for a field: from there they are dragged. */
async function dropChosen(page, files) {
  const field = await page.evaluateHandle(() => {
    const added = Object.assign(document.createElement('input'), { type: 'file', multiple: true });
    document.body.append(added);
    return added;
  });
  await field.uploadFile(...files);
  await field.evaluate((from, { x, y }) => {
    const dataTransfer = new DataTransfer();
    for (const file of from.files) dataTransfer.items.add(file);
    from.remove();
    for (const kind of ['dragenter', 'dragover', 'drop']) {
      const event = new DragEvent(kind, { bubbles: true, cancelable: true, composed: true, dataTransfer });
      document.elementFromPoint(x, y).dispatchEvent(event);
    }
  }, middle);
}

/** Waits for what is downloaded from here on: gives a function for one file after the other, by its path. */
export async function downloadsOf(page) {
  const { downloads } = places.get(page);
  const inFolder = () => readdirSync(downloads).map((name) => ({ name, size: statSync(join(downloads, name)).size }));
  for (const { name } of inFolder()) rmSync(join(downloads, name));
  return async () => {
    let path;
    await patiently(async () => {
      const before = inFolder();
      await setTimeout(100);
      const [file] = inFolder();
      const isWhole = file?.size && before.length === 1 && file.size === before[0].size;
      if (!isWhole || /\.(crdownload|part|wkdownload)$/.test(file.name)) return JSON.stringify(before);
      path = join(mkdtempSync(join(downloads, '../downloaded-')), file.name);
      renameSync(join(downloads, file.name), path);
      return undefined;
    }, 'waiting for a download');
    return path;
  };
}

/** Does what loads the page anew, and waits until it is. */
export async function loadingAnew(page, act) {
  await page.evaluate(() => (window.isLeft = true));
  await act();
  await patiently(
    async () => ((await page.evaluate(() => window.isLeft)) ? 'the page is still the old one' : undefined),
    'waiting for the page to be loaded anew',
  );
}

/** Turns the page dark. @returns whether the browser's driver can */
export async function turnDark(page) {
  if (places.get(page).name !== 'Chromium') return false;
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  return true;
}

/** Another tab, at the same page. */
export async function openTab(page, url) {
  const tab = await (page.newTab?.() ?? page.browserContext().newPage());
  await tab.goto(url);
  return tab;
}

/** Whether the page is loaded anew, or what was found was drawn anew. */
const isGone = ({ message }) => /context|detached|destroyed|navigat|stale|discarded|no such (element|frame)/i.test(message);

/** Tries until there is nothing that speaks against it; fails with the words that came last. */
async function patiently(attempt, what) {
  const end = Date.now() + patience;
  for (;;) {
    const why = await attempt().catch((error) => {
      if (isGone(error)) return error.message;
      throw error;
    });
    if (!why) return;
    if (Date.now() > end) throw new Error(`${what}: ${why}`);
    await setTimeout(30);
  }
}
