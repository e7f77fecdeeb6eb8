// Where the package is held against others: in Node, and on a page of Chromium.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as smime from 'smime-wasm';

import { launch } from '../browser/support/chromium.mjs';

const scripts = new URL('./', import.meta.url);

/**
 * @param {string} folder what the scripts can load
 * @returns `places`, by name: functions that have `work(smime, load, tasks)` of a script of this folder
 *   done there, and what ends it all. Tasks and results are JSON.
 */
export async function openPlaces(folder) {
  const chromium = await launch({
    folders: { '/files/': folder + '/', '/tests/': fileURLToPath(scripts) },
  });
  return {
    places: {
      async Node(script, tasks) {
        const { work } = await import(new URL(script, scripts));
        const results = await work(smime, (name) => readFile(join(folder, name)), tasks);
        return JSON.parse(JSON.stringify(results));
      },
      Chromium: (script, tasks) =>
        chromium.page((page) => page.evaluate(workOnPage, script, tasks)),
    },
    close: () => chromium.close(),
  };
}

async function workOnPage(script, tasks) {
  const { work } = await import(`/tests/${script}`);
  const smime = await import('/smime-wasm/index.js');
  const load = async (name) => (await fetch(`/files/${name}`)).blob();
  return work(smime, load, tasks);
}
