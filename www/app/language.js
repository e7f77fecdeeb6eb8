// The language of the page: German or English, switched while it runs, remembered.

import { catalogue } from './texts.js';

/** What each language calls itself. */
export const languages = { de: 'Deutsch', en: 'English' };

const key = 'smime-wasm-demo.language';

class Language extends EventTarget {
  #code = localStorage.getItem(key) ?? (navigator.language.startsWith('de') ? 'de' : 'en');

  constructor() {
    super();
    document.documentElement.lang = this.#code;
  }

  get code() {
    return this.#code;
  }

  set code(code) {
    this.#code = code;
    localStorage.setItem(key, code);
    document.documentElement.lang = code;
    this.dispatchEvent(new Event('change'));
  }
}

export const language = new Language();

/** The text of a key in the page's language; `{name}` in it is replaced by `values.name`. */
export function t(key, values = {}) {
  const text = catalogue[key]?.[language.code];
  if (text === undefined) {
    throw new Error(`no text for ${key}`);
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/**
 * The sentence for an error or a problem. A code that is new to this page shows itself; an error without
 * one is the browser's, and shows its words.
 *
 * @param {'error' | 'problem'} kind
 */
export function sentence(kind, { name, code, details = {}, message }) {
  const known = name === 'AbortError' ? 'aborted' : code;
  const key = `${kind}.${known}`;
  return catalogue[key] ? t(key, details) : t(`${kind}.other`, { code: typeof code === 'string' ? code : message });
}

export function formatDate(date) {
  return new Intl.DateTimeFormat(language.code, { dateStyle: 'medium' }).format(date);
}

export function formatTime(date) {
  return new Intl.DateTimeFormat(language.code, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

export function formatSize(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return new Intl.NumberFormat(language.code, {
    style: 'unit',
    unit: units[power],
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** power);
}
