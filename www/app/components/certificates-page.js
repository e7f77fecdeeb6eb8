// All certificates that were ever received or imported, a page at a time (FEATURES K2). Own ones are bold.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { certificatePage } from '../integration/certificates.js';
import { formatDate, formatNumber, sentence, t } from '../language.js';
import { office } from '../office.js';
import { base } from '../styles.js';
import { stateLooks } from './certificate-dialog.js';
import { pageStyles } from './page-styles.js';

const states = ['valid', 'expired', 'not-yet', 'revoked', 'distrusted'];
const groups = { all: {}, own: { own: true }, others: { own: false, authorities: false }, authorities: { authorities: true } };

export class CertificatesPage extends DemoElement {
  /** What to look for, where one comes from elsewhere. */
  static properties = { chosen: {} };

  static styles = [
    base,
    pageStyles,
    css`
      .filter {
        align-items: end;
      }

      .filter .field {
        flex: 1 1 10rem;
      }

      .filter .field:first-child {
        flex: 2 1 16rem;
      }

      .note {
        display: flex;
        align-items: center;
        gap: 0.7rem;
        padding: 0.6rem 0.9rem;
        border-radius: 0.7rem;
        background: var(--warn-soft);
        color: var(--warn);
      }

      table {
        width: 100%;
        border-collapse: collapse;
      }

      th {
        padding: 0.3rem 0.6rem;
        border-bottom: 1px solid var(--line);
        color: var(--muted);
        font-size: 0.83rem;
        font-weight: 600;
        text-align: start;
      }

      td {
        padding: 0.35rem 0.6rem;
        border-bottom: 1px solid var(--line);
        overflow-wrap: anywhere;
      }

      tbody tr:hover {
        background: var(--hover);
      }

      tr.own .name {
        font-weight: 700;
      }

      td button {
        min-height: 1.9rem;
        padding-inline: 0.3rem;
        color: var(--text);
      }

      .date {
        white-space: nowrap;
      }

      summary {
        cursor: pointer;
      }

      .anchors {
        columns: 18rem;
        margin-top: 0.4rem;
      }


      @media (max-width: 48rem) {
        thead,
        .wide {
          display: none;
        }

        tr {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto;
          align-items: center;
          border-bottom: 1px solid var(--line);
        }

        td .row {
          display: block;
        }

        td .chip.accent {
          margin-inline-start: 1.9rem;
        }

        td {
          border: 0;
        }
      }
    `,
  ];

  #filter = { filter: '', state: '', group: 'all' };
  #entries;
  #next;
  #total = 0;
  #reminders = [];
  #anchors;
  #error;
  #asked;
  #shown;

  willUpdate(changed) {
    if (changed.has('chosen')) this.#filter = { ...this.#filter, filter: this.chosen ?? '' };
    const key = `${office.person?.id} ${office.revision} ${office.keys.count} ${JSON.stringify(this.#filter)}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#load();
  }

  async #load({ isMore = false } = {}) {
    const { mailer } = office;
    const question = {};
    this.#asked = question;
    const { filter, state, group } = this.#filter;
    try {
      const page = await certificatePage(mailer, {
        ...groups[group],
        filter: filter || undefined,
        state: state || undefined,
        after: isMore ? this.#next : undefined,
      });
      const [reminders, anchors] = await Promise.all([mailer.reminders(), mailer.trustAnchors()]);
      if (question !== this.#asked) return;
      this.#entries = isMore ? [...this.#entries, ...page.entries] : page.entries;
      this.#next = page.next;
      this.#total = page.total;
      this.#reminders = reminders;
      this.#anchors = anchors;
      this.#error = undefined;
    } catch (error) {
      this.#error = error;
    }
    this.requestUpdate();
  }

  render() {
    return html`
      <div class="page">
        <header class="row spread">
          <h1>${t('app.certificates')}</h1>
          <button class="primary" type="button" @click=${() => this.ask('pick-files', 'identity')}>
            ${icons.plus}${t('certificates.import')}
          </button>
        </header>
        <p class="caption">${t('certificates.intro')}</p>
        ${this.#reminders.map((one) => this.#reminder(one))}
        ${this.#filters()}
        ${this.#error ? html`<p class="error" role="alert">${sentence(this.#error)}</p>` : nothing}
        ${this.#entries ? this.#table() : nothing} ${this.#trusted()}
      </div>
    `;
  }

  #reminder({ entry, daysLeft }) {
    const key = daysLeft < 0 ? 'certificates.reminder.over' : 'certificates.reminder';
    return html`
      <div class="note" role="status">
        ${icons.unverified}
        <p>${t(key, { name: entry.name ?? entry.addresses[0], days: formatNumber(Math.max(daysLeft, 0)), date: formatDate(entry.notAfter) })}</p>
        <button type="button" @click=${() => this.ask('pick-files', 'identity')}>${t('certificates.import-new')}</button>
      </div>
    `;
  }

  #filters() {
    const { filter, state, group } = this.#filter;
    const choose = (name) => ({ target }) => {
      this.#filter = { ...this.#filter, [name]: target.value };
      this.requestUpdate();
    };
    return html`
      <div class="row filter" role="search">
        <label class="field">${t('certificates.filter')}<input type="search" .value=${filter} @input=${choose('filter')}></label>
        <label class="field">
          ${t('certificates.group')}
          <select @change=${choose('group')}>
            ${Object.keys(groups).map((one) => html`<option value=${one} .selected=${one === group}>${t(`certificates.group.${one}`)}</option>`)}
          </select>
        </label>
        <label class="field">
          ${t('certificates.state')}
          <select @change=${choose('state')}>
            <option value="" .selected=${!state}>${t('certificates.state.any')}</option>
            ${states.map((one) => html`<option value=${one} .selected=${one === state}>${t(`certificates.state.${one}`)}</option>`)}
          </select>
        </label>
      </div>
    `;
  }

  #table() {
    if (!this.#entries.length) return html`<p class="caption">${t('certificates.none')}</p>`;
    return html`
      <table>
        <caption class="sr-only">${t('app.certificates')}</caption>
        <thead>
          <tr>
            <th scope="col">${t('certificates.name')}</th>
            <th scope="col">${t('certificates.addresses')}</th>
            <th scope="col">${t('certificates.issuer')}</th>
            <th scope="col">${t('certificates.until')}</th>
            <th scope="col">${t('certificates.state')}</th>
          </tr>
        </thead>
        <tbody>
          ${this.#entries.map((entry) => this.#row(entry))}
        </tbody>
      </table>
      <div class="row spread">
        <span class="caption" role="status">
          ${t('certificates.count', { shown: formatNumber(this.#entries.length), total: formatNumber(this.#total) })}
        </span>
        ${this.#next ? html`<button type="button" @click=${() => this.#load({ isMore: true })}>${t('certificates.more')}</button>` : nothing}
      </div>
    `;
  }

  #row(entry) {
    const { id, name, addresses, assigned, issuer, notAfter, state, isOwn, isShared, isAuthority } = entry;
    const icon = isShared ? icons.group : isOwn ? icons.key : isAuthority ? icons.shield : icons.person;
    const shown = name ?? addresses[0] ?? id.slice(0, 16);
    return html`
      <tr class=${isOwn ? 'own' : ''}>
        <td>
          <div class="row">
            <button class="plain" type="button" aria-label=${t('certificates.look', { name: shown })} @click=${() => this.ask('look-at', id)}>
              ${icon}<span class="name">${shown}</span>
            </button>
            ${isOwn ? html`<span class="chip accent">${t(isShared ? 'certificates.shared' : 'certificates.own')}</span>` : nothing}
          </div>
        </td>
        <td class="wide">${[...addresses, ...assigned].join(', ')}</td>
        <td class="wide">${issuer}</td>
        <td class="wide date">${formatDate(notAfter)}</td>
        <td><span class="chip ${stateLooks[state]}">${t(`certificates.state.${state}`)}</span></td>
      </tr>
    `;
  }

  /** Whom is trusted from the start (FEATURES K10). */
  #trusted() {
    const { mozilla, entries = [], problems = [] } = this.#anchors ?? {};
    if (!mozilla) return nothing;
    return html`
      <section>
        <h2>${t('certificates.anchors')}</h2>
        <p class="caption">${t('certificates.anchors.mozilla', { date: formatDate(new Date(mozilla.date)) })}</p>
        <details>
          <summary>${t('certificates.anchors.show', { count: formatNumber(entries.length) })}</summary>
          <ul class="anchors">
            ${entries.map(
              ({ id, name }) => html`<li>
                <button class="plain" type="button" @click=${() => this.ask('look-at', id)}>${icons.shield}${name ?? id}</button>
              </li>`,
            )}
          </ul>
        </details>
        ${problems.map((problem) => html`<p class="error">${sentence(problem)}</p>`)}
      </section>
    `;
  }
}

customElements.define('certificates-page', CertificatesPage);
