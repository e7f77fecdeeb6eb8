/**
 * Sentences for people, in German and English, for every code of an error or a problem. The sentences
 * are in catalogue.js; here details are put in.
 *
 * Details come from messages and certificates, so from anybody: they are text, cut short, without
 * control characters, and can neither turn the direction of the sentence nor end the quotation they
 * stand in.
 */
import { catalogue, fallbacks, labels, replies, validations, words } from './catalogue.js';

export { catalogue };

/** The languages there are, and what each calls itself. */
export const languages = Object.freeze({ de: 'Deutsch', en: 'English' });

export function explain(problemOrError, language = 'en') {
  const { name, code: given, details, message } = Object(problemOrError);
  const code = name === 'AbortError' ? 'aborted' : given;
  const locale = localeOf(language);
  if (Object.hasOwn(catalogue, code)) return sentence(catalogue[code], Object(details), locale);
  const isError = typeof message === 'string';
  const evidence = typeof code === 'string' ? { code } : { message };
  return sentence(isError ? fallbacks.error : fallbacks.problem, evidence, locale);
}

export function label(code, language = 'en') {
  const { language: wanted } = localeOf(language);
  return Object.hasOwn(labels, code) ? labels[code][wanted] : '';
}

export function replyText(problem, language = 'en') {
  const { code, details } = Object(problem);
  return Object.hasOwn(replies, code) ? sentence(replies[code], Object(details), localeOf(language)) : '';
}

export function explainValidation(details, language = 'en') {
  const { validation, class: named } = Object(details);
  const locale = localeOf(language);
  const level = Object.hasOwn(validations, validation?.type) ? validation.type : 'none';
  const said = [level];
  if (level !== 'none' && validation.source === 'subject') said.push('claimed');
  if (named) said.push('class');
  return [...said, 'strength'].map((key) => sentence(validations[key], Object(named), locale)).join(' ');
}

/** @returns {{ tag: string, language: string }} for dates and numbers, and for words */
function localeOf(wish) {
  const tag = String(wish).replaceAll('_', '-');
  const language = tag.split('-')[0].toLowerCase();
  if (!Object.hasOwn(languages, language)) return { tag: 'en', language: 'en' };
  try {
    return { tag: Intl.getCanonicalLocales(tag)[0], language };
  } catch {
    return { tag: language, language };
  }
}

/** Every other part stands in brackets, and falls away where one of its details is missing. */
function sentence(template, details, locale) {
  const parts = template[locale.language].split(/\[([^\]]*)\]/);
  return parts.map((part) => filled(part, details, locale) ?? '').join('');
}

function filled(part, details, locale) {
  let isWhole = true;
  const text = part.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name, format) => {
    const value = Object.hasOwn(details, name) ? details[name] : undefined;
    const shown = Object.hasOwn(words, format) ? word(words[format], value, locale) : show(value, format, locale);
    isWhole &&= Boolean(shown);
    return shown;
  });
  return isWhole ? text : undefined;
}

function word(choices, value, { language }) {
  return typeof value === 'string' && Object.hasOwn(choices, value) ? choices[value][language] : undefined;
}

/** A detail as words, or nothing if it has none. */
function show(value, format, locale) {
  if (typeof value === 'string') return safe(formatText(value, format));
  if (typeof value === 'number' && Number.isFinite(value)) return formatNumber(value, format, locale);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return formatDate(value, format, locale);
  if (Array.isArray(value)) return formatList(value, format, locale);
  return undefined;
}

function formatText(text, format) {
  if (format === 'name') return nameOf(text);
  return format === 'algorithm' ? text.toUpperCase() : text;
}

function formatNumber(number, format, { tag }) {
  if (format !== 'bytes') return new Intl.NumberFormat(tag).format(number);
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const power = units.findLastIndex((_, power) => power === 0 || number >= 1024 ** power);
  const options = { style: 'unit', unit: units[power], maximumFractionDigits: 1 };
  return new Intl.NumberFormat(tag, options).format(number / 1024 ** power);
}

function formatDate(date, format, { tag }) {
  const options = { dateStyle: 'long', ...(format === 'time' && { timeStyle: 'short' }) };
  return new Intl.DateTimeFormat(tag, options).format(date);
}

/** The first three. Of a thousand addresses nobody reads more. */
function formatList(values, format, locale) {
  const shown = values.slice(0, 3).map((value) => show(value, format, locale));
  if (!shown.every(Boolean)) return undefined;
  const rest = values.length - shown.length;
  if (rest > 0) shown.push({ de: `${rest} weitere`, en: `${rest} more` }[locale.language]);
  return new Intl.ListFormat(locale.tag).format(shown);
}

/** What to call somebody by whose name is written as RFC 4514 does. */
function nameOf(name) {
  const attributes = ['CN', 'OU', 'O'].map((type) => attribute(name, type));
  return attributes.find(Boolean) ?? name;
}

function attribute(name, type) {
  const value = new RegExp(`(?:^|[,+])${type}=((?:\\\\.|[^\\\\,+])*)`).exec(name)?.[1];
  return value?.replace(/((?:\\[0-9a-f]{2})+)|\\(.)/gi, (_, octets, character) =>
    octets ? new TextDecoder().decode(Uint8Array.from(octets.slice(1).split('\\'), (hex) => parseInt(hex, 16))) : character,
  );
}

const longest = 100;

/** Text that stays in its place, whatever is in it. */
function safe(text) {
  const plain = text
    .slice(0, 20 * longest)
    .replace(/[\p{Cf}\p{Cs}]/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/["“”„‟«»]/g, '’')
    .trim();
  const characters = [...plain];
  const short = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : plain;
  // What may be written from right to left is isolated; most text is not, and stays easy to compare.
  return /^[\0-\u02ff\u2010-\u2027]*$/.test(short) ? short : `\u2068${short}\u2069`;
}
