// The language of the page: German or English, switched while it runs, remembered.

import { explain, label, languages } from 'smime-wasm/texts';

import { catalogue } from './texts/index.js';

export { languages };

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

/** The sentence for an error or a problem. */
export function sentence(problemOrError) {
  return explain(problemOrError, language.code);
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

/** For a list: the time of today's mail, the day of older ones. */
export function formatShort(date, now = new Date()) {
  const isToday = date.toDateString() === now.toDateString();
  const isThisYear = date.getFullYear() === now.getFullYear();
  const options = isToday
    ? { timeStyle: 'short' }
    : { day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' }) };
  return new Intl.DateTimeFormat(language.code, options).format(date);
}

export function formatNumber(number) {
  return new Intl.NumberFormat(language.code).format(number);
}

/** Several names in a sentence. */
export function formatList(names) {
  return new Intl.ListFormat(language.code).format(names);
}

/** The few words for a badge, a lock, or what would help. */
export function words(code) {
  return label(code, language.code);
}
