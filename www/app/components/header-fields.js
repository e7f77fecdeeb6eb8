// What protects the header fields of a mail, and where a field says one thing inside and another outside.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { formatTime, t } from '../language.js';
import { base } from '../styles.js';

/** What people look at, and its name; other fields are told of only where something protects them. */
const main = { from: 'write.from', to: 'read.to', cc: 'read.cc', subject: 'write.subject', date: 'read.date' };

const looks = { none: 'warn', signed: 'good', encrypted: 'accent', 'signed-and-encrypted': 'good' };

export class HeaderFields extends DemoElement {
  static properties = { headers: { attribute: false } };

  static styles = [
    base,
    css`
      details {
        margin-top: 0.5rem;
      }

      summary {
        cursor: pointer;
        font-size: 0.9rem;
        color: var(--muted);
      }

      dl {
        display: grid;
        grid-template-columns: 7.5rem 1fr;
        gap: 0.45rem 0.9rem;
        margin-top: 0.5rem;
        font-size: 0.9rem;
      }

      dt {
        color: var(--muted);
        overflow-wrap: anywhere;
      }

      dd {
        min-width: 0;
        overflow-wrap: anywhere;
      }

      @media (max-width: 40rem) {
        dl {
          grid-template-columns: 1fr;
          gap: 0.1rem;
        }

        dd {
          margin-bottom: 0.5rem;
        }
      }
    `,
  ];

  render() {
    const fields = this.headers.filter(({ name, protection }) => isMain(name) || protection !== 'none');
    return html`
      <details data-protection=${common(fields)}>
        <summary>${t(`fields.all.${common(fields)}`)}</summary>
        <dl>
          ${fields.map(row)}
        </dl>
      </details>
    `;
  }
}

/** What protects all that people look at; `'mixed'` where that is not one answer. */
function common(fields) {
  const kinds = fields.filter(({ name }) => isMain(name)).map(({ protection }) => protection);
  const [first = 'none'] = kinds;
  if (kinds.every((kind) => kind === first)) return first;
  return kinds.every((kind) => kind.startsWith('signed')) ? 'signed' : 'mixed';
}

function isMain(name) {
  return name.toLowerCase() in main;
}

function row({ name, value, protection, differs, inner, outer }) {
  const shown = (text) => (name.toLowerCase() === 'date' ? dateOf(text) : text);
  return html`
    <dt>${isMain(name) ? t(main[name.toLowerCase()]) : name}</dt>
    <dd data-field=${name.toLowerCase()} data-protection=${protection}>
      <span class="chip ${looks[protection]}">${t(`fields.${protection}`)}</span> ${shown(value)}
      ${differs ? html`<p class="caption">${difference(inner, outer, value)}</p>` : nothing}
    </dd>
  `;
}

/** Only one of the two is shown above: this says what the other one is. */
function difference(inner, outer, value) {
  if (outer === undefined) return t('fields.only-inside');
  if (inner === undefined) return t('fields.only-outside');
  return value === outer ? t('fields.inside', { value: inner }) : t('fields.outside', { value: outer });
}

/** The moment that a date names, or what stands there. */
function dateOf(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : formatTime(date);
}

customElements.define('header-fields', HeaderFields);
