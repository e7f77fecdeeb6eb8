// A small client of WebDriver (W3C Recommendation, 2018) that speaks as puppeteer does: of puppeteer's `Page`,
// `Keyboard`, `Mouse` and `ElementHandle` what tests of the demo use.

import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

/** How WebDriver marks an element among values. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** The keys that are no characters (17.4.2). */
const keys = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
};

/**
 * Opens a session with a driver that may have been started just now.
 *
 * @param {string} address of the driver
 * @param {object} capabilities that must match
 * @returns a function that gives the session a command: method, path and body
 */
export async function openSession(address, capabilities) {
  const { sessionId } = await patiently(() =>
    command(address, 'POST', '/session', { capabilities: { alwaysMatch: capabilities } }),
  );
  const session = (method, path, body) => command(address, method, `/session/${sessionId}/${path}`.replace(/\/$/, ''), body);
  await session('POST', 'timeouts', { script: 120_000 });
  return session;
}

/** A tab of a session. */
export class WebDriverPage {
  #command;
  #session;
  #tab;
  #tabs;

  /**
   * @param {Awaited<ReturnType<typeof openSession>>} session
   * @param {object} tools
   * @param {() => string[]} tools.asked what was asked for on other machines since it was called last
   * @param {string} [tools.tab]  which, where it is not the only one
   * @param {{ current?: string }} [tools.tabs] which of them has the commands
   */
  constructor(session, { asked, tab, tabs = {} }) {
    this.#tab = tab;
    this.#tabs = tabs;
    this.asked = asked;
    this.#session = async (...command) => {
      if (this.#tab !== this.#tabs.current) await this.bringToFront();
      return session(...command);
    };
    this.#command = session;
  }

  keyboard = {
    type: (text) => this.#keys([...text].map((character) => (character === '\n' ? keys.Enter : character))),
    press: (key) => this.#keys([keys[key] ?? key]),
  };

  mouse = {
    click: (x, y) =>
      this.#act({
        type: 'pointer',
        id: 'mouse',
        parameters: { pointerType: 'mouse' },
        actions: [
          { type: 'pointerMove', x, y, duration: 0, origin: 'viewport' },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      }),
  };

  goto(url) {
    return this.#session('POST', 'url', { url });
  }

  reload() {
    return this.#session('POST', 'refresh', {});
  }

  /** What a function, or an expression, comes to. */
  async evaluate(source, ...args) {
    const script = `const done = arguments[arguments.length - 1];
      (async (...args) => ${typeof source === 'function' ? `(${source})(...args)` : `(${source})`})(...[...arguments].slice(0, -1))
        .then((value) => done({ value }), (error) => done({ error: String(error?.message ?? error) }));`;
    const wire = args.map((arg) => (arg instanceof WebDriverElement ? { [elementKey]: arg.id } : arg ?? null));
    const { value, error } = await this.#session('POST', 'execute/async', { script, args: wire });
    if (error) throw new Error(error);
    return value ?? undefined;
  }

  /** The same for what is an element. */
  async evaluateHandle(source, ...args) {
    const found = await this.evaluate(source, ...args);
    return new WebDriverElement(this, found[elementKey], this.#session);
  }

  /** As near to it as the window can be made: 450 points wide at least. */
  async setViewport({ width, height }) {
    const [innerWidth, innerHeight] = await this.evaluate(() => [window.innerWidth, window.innerHeight]);
    const rect = await this.#session('GET', 'window/rect');
    await this.#session('POST', 'window/rect', {
      width: width + rect.width - innerWidth,
      height: height + rect.height - innerHeight,
    });
  }

  async screenshot({ path }) {
    await writeFile(path, Buffer.from(await this.#session('GET', 'screenshot'), 'base64'));
  }

  /** Another tab. */
  async newTab() {
    this.#tabs.current = this.#tab ??= await this.#command('GET', 'window');
    const { handle } = await this.#session('POST', 'window/new', { type: 'tab' });
    return new WebDriverPage(this.#command, { asked: this.asked, tab: handle, tabs: this.#tabs });
  }

  async bringToFront() {
    if (this.#tab === undefined) return; // the only one
    await this.#command('POST', 'window', { handle: this.#tab });
    this.#tabs.current = this.#tab;
  }

  async close() {
    await this.#session('DELETE', 'window');
    this.#tabs.current = undefined;
  }

  #keys(all) {
    const actions = all.flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    return this.#act({ type: 'key', id: 'keyboard', actions });
  }

  #act(source) {
    return this.#session('POST', 'actions', { actions: [source] });
  }
}

class WebDriverElement {
  #page;
  #session;

  constructor(page, id, session) {
    this.#page = page;
    this.#session = session;
    this.id = id;
  }

  evaluate(body, ...args) {
    return this.#page.evaluate(body, this, ...args);
  }

  /** Gives a field for files some. */
  async uploadFile(...files) {
    await this.#session('POST', `element/${this.id}/value`, { text: files.join('\n') });
  }

  /** What is in a frame: commands go there until `evaluate` is through. */
  async contentFrame() {
    return {
      evaluate: async (body, ...args) => {
        await this.#session('POST', 'frame', { id: { [elementKey]: this.id } });
        try {
          // A sandboxed frame runs no promises.
          return await this.#session('POST', 'execute/sync', { script: `return (${body})(...arguments)`, args });
        } finally {
          await this.#session('POST', 'frame', { id: null });
        }
      },
    };
  }
}

async function command(address, method, path, body) {
  const response = await fetch(address + path, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}

/** The driver listens a moment after it was started. */
async function patiently(attempt) {
  for (let left = 50; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || error.cause?.code !== 'ECONNREFUSED') throw error;
      await setTimeout(200);
    }
  }
}
