/**
 * Sentences for people, in German and English, for every code of an error or a problem. Needs nothing
 * of the rest of the package, so it can be loaded by itself.
 */
import type { CertificateDetails, Problem, StateCode } from './index.js';
import type { Help } from './mailer.js';

export type Language = 'de' | 'en';

/** The languages there are, and what each calls itself. */
export const languages: Readonly<Record<Language, string>>;

/**
 * What is wrong, about whom, and what would help: plain text, never HTML, that starts with a capital
 * and ends with a full stop. Codes that are newer than the catalogue are named; an error of the browser
 * shows its own words.
 *
 * Details are put in as text: cut to 100 characters, without control characters, isolated where they
 * may run from right to left. Dates are in the local time zone.
 *
 * @param language A tag such as `'de'` or `'en-GB'`, which also says how dates and numbers are written.
 *   By default, and for languages that are not there, `'en'`.
 */
export function explain(problemOrError: Problem | Error | { code: StateCode }, language?: string): string;

/**
 * A few words for a badge or a lock, for those who can't see its colour (`explain({ code })` makes a
 * sentence of it), or for a button that does what would help. Empty for what is none of these.
 */
export function label(code: StateCode | Help | undefined, language?: string): string;

/**
 * A reply to the sender of a mail that nobody here can read (FEATURES R9), for the problem
 * `decrypt/shared-without-key`: plain text in paragraphs. It is only a proposal, and nothing is sent. Empty
 * for every other problem.
 */
export function replyText(problem: Problem, language?: string): string;

/**
 * Whom the issuer of a certificate says to have checked, in words (FEATURES K8), with the class where one is
 * named, and that the level says nothing about strength. Language and form as with {@link explain}.
 */
export function explainValidation(
  details: Pick<CertificateDetails, 'validation' | 'class'>,
  language?: string,
): string;

/**
 * The sentences by code, for a list of all that can happen or a translation of your own. A part in square
 * brackets is left out where a detail it names is missing; `{name}` is a detail, `{name:format}` a detail
 * in another format than its usual one, such as `time` for a date with the time.
 */
export const catalogue: Readonly<Record<string, Readonly<Record<Language, string>>>>;
