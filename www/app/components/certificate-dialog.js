// One certificate in full: what it says, whether it is trusted and why, and what can be done with it.

import { css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { fileName, save } from '../files.js';
import { icons } from '../icons.js';
import { decideTrust, exported, takenIn } from '../integration/certificates.js';
import { askNow } from '../integration/online.js';
import { formatDate, formatList, formatTime, sentence, t } from '../language.js';
import { office } from '../office.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './certificate-details.js';
import './certificate-facts.js';
import './identity-actions.js';
import './modal-dialog.js';

export const stateLooks = { valid: 'good', expired: 'warn', 'not-yet': 'warn', revoked: 'bad', distrusted: 'bad' };

export class CertificateDialog extends DemoElement {
  static styles = [
    base,
    css`
      .reasons p + p {
        margin-top: 0.3rem;
      }

      section {
        display: grid;
        gap: 0.5rem;
      }

      select {
        width: auto;
      }

      form input:not([type='checkbox']) {
        flex: 1;
        width: auto;
      }
    `,
  ];

  #work = new Work(this);
  #view;
  #error;
  #removal;

  /** Shows a stored certificate; resolved when the dialog is closed. */
  async open(id) {
    this.#removal = this.#error = undefined;
    await this.#load(id);
    await this.updateComplete;
    await this.#dialog.open();
  }

  /** Takes in certificates from a file, and shows them one after the other. */
  async take(file) {
    const taken = await takenIn(office.mailer, { file });
    this.ask('say', t('certificates.added', { names: formatList(taken.map(({ entry }) => entry.name ?? entry.id)) }));
    // Of a whole chain the first is whose it is.
    await this.open(taken[0].entry.id);
  }

  render() {
    const view = this.#view;
    return html`
      <modal-dialog wide heading=${t(view?.isAuthority ? 'certificate.authority' : 'certificate.title')}>
        ${view ? this.#content(view) : nothing}
      </modal-dialog>
    `;
  }

  #content(view) {
    const { id, certificate, state, trust, problems, chain, decision, isOwn, details, origin, firstSeen, lastSeen } = view;
    const facts = [
      ['certificate.chain', chain.map(nameOf).join(' → ')],
      ['certificate.origin', origin && t('certificate.origin.from', { origin: originOf(origin), date: formatDate(firstSeen) })],
      ['certificate.last-seen', formatTime(lastSeen)],
      ['certificate.assigned', view.assigned.join(', ')],
      ['certificate.revocation', revocationOf(view.revocation)],
    ].filter(([, value]) => value);
    return html`
      <div class="stack">
        <certificate-facts .certificate=${certificate} .more=${facts}>
          <span class="chip ${stateLooks[state]}">${t(`certificates.state.${state}`)}</span>
          ${isOwn ? html`<span class="chip accent">${t('certificates.own')}</span>` : nothing}
        </certificate-facts>
        <section aria-labelledby="trust">
          <h3 id="trust">${t(`certificate.trust.${trust}`)}</h3>
          <div class="reasons">
            ${problems.map((problem) => html`<p>${sentence(problem)}</p>`)}
            ${decision
              ? html`<p>${t(`certificate.decided.${decision.trust}`, { by: decision.by, date: formatDate(decision.at) })}</p>`
              : nothing}
          </div>
          <label class="row">
            ${t('certificate.decide')}
            <select @change=${({ target }) => this.#decide(target.value)}>
              ${['automatic', 'trusted', 'distrusted'].map(
                (value) => html`<option value=${value} .selected=${live(value === (decision?.trust ?? 'automatic'))}>
                  ${t(`certificate.decide.${value}`)}
                </option>`,
              )}
            </select>
          </label>
          ${view.isAuthority ? html`<p class="caption">${t('certificate.decide.hint')}</p>` : nothing}
          <div class="row">
            <button type="button" ?disabled=${this.#work.state !== undefined} @click=${() => this.#askNow(id)}>
              ${icons.sync}${t('certificate.revocation.ask')}
            </button>
            ${view.asked === 'unknown' ? html`<span role="status">${t('certificate.revocation.silent')}</span>` : nothing}
          </div>
          <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
        </section>
        <certificate-details .details=${details}></certificate-details>
        ${view.isAuthority || isOwn ? nothing : this.#assigning()}
        <section aria-labelledby="export">
          <h3 id="export">${t('certificate.export')}</h3>
          <div class="row">
            ${['pem', 'der', 'p7b'].map(
              (format) => html`<button type="button" @click=${() => this.#export(format)}>
                ${icons.save}${t(`certificate.export.${format}`)}
              </button>`,
            )}
          </div>
        </section>
        ${isOwn ? html`<identity-actions .view=${view} @removed=${() => this.#dialog.close()}></identity-actions>` : this.#removing(id)}
        ${this.#error ? html`<p class="error" role="alert">${sentence(this.#error)}</p>` : nothing}
      </div>
    `;
  }

  /** Gateways and domains have one certificate for many addresses (FEATURES K4). */
  #assigning() {
    return html`
      <section aria-labelledby="assign">
        <h3 id="assign">${t('certificate.assign')}</h3>
        <p class="caption">${t('certificate.assign.hint')}</p>
        <form class="row" @submit=${this.#assign}>
          <input name="to" required aria-label=${t('certificate.assign.to')} placeholder="@example.com">
          <button>${t('certificate.assign.do')}</button>
        </form>
      </section>
    `;
  }

  async #assign(event) {
    event.preventDefault();
    const form = event.target;
    const typed = form.elements.to.value.split(/[\s,;]+/).filter(Boolean);
    const { id, certificate } = this.#view;
    await this.#attempt(async () => {
      const assign = {
        addresses: typed.filter((one) => !one.startsWith('@')),
        domains: typed.filter((one) => one.startsWith('@')).map((one) => one.slice(1)),
        by: office.person.name,
      };
      await takenIn(office.mailer, { file: new File([certificate.der], t('certificate.assign')), assign });
      office.reopen();
      form.reset();
      await this.#load(id);
    });
  }

  #removing(id) {
    if (!this.#removal) {
      return html`<div class="row">
        <button class="danger" type="button" @click=${() => this.#askRemoval(id)}>${icons.trash}${t('certificate.remove')}</button>
      </div>`;
    }
    const { addresses, from, until } = this.#removal;
    return html`
      <section aria-live="polite">
        <p>
          ${t('certificate.remove.served', {
            addresses: formatList(addresses) || nameOf(this.#view.certificate),
            from: formatDate(from),
            until: formatDate(until),
          })}
        </p>
        <div class="row">
          <button class="danger" type="button" @click=${() => this.#remove(id)}>${t('certificate.remove.sure')}</button>
        </div>
      </section>
    `;
  }

  async #askRemoval(id) {
    await this.#attempt(async () => {
      this.#removal = await office.mailer.removal({ id });
    });
  }

  async #remove(id) {
    await this.#attempt(async () => {
      await office.mailer.removeCertificate({ id });
      office.reopen();
      this.ask('say', t('certificate.removed', { name: nameOf(this.#view.certificate) }));
      this.#dialog.close();
    });
  }

  async #decide(trust) {
    const { id } = this.#view;
    await this.#attempt(async () => {
      await decideTrust(office.mailer, { id, trust, by: office.person.name });
      office.reopen();
      await this.#load(id);
    });
  }

  /** What was asked is kept with the certificate. */
  async #askNow(id) {
    await this.#attempt(() =>
      this.#work.run('certificate.revocation.asking', async ({ signal }) => {
        this.#view = await askNow(office.mailer, { id, signal });
        office.reopen();
      }),
    );
  }

  async #export(format) {
    const { id, certificate } = this.#view;
    await this.#attempt(async () => {
      save(await exported(office.mailer, { id, format }), fileName(nameOf(certificate), format === 'der' ? 'cer' : format));
    });
  }

  async #load(id) {
    this.#view = await office.mailer.certificate({ id });
    this.requestUpdate();
  }

  /** What needs a key that is locked is done once it is unlocked. */
  async #attempt(act) {
    this.#error = undefined;
    try {
      await act();
    } catch (error) {
      this.#error = error;
      if (error.code === 'identity/locked') this.ask('unlock', () => this.#attempt(act));
    }
    this.requestUpdate();
  }

  get #dialog() {
    return this.renderRoot.querySelector('modal-dialog');
  }
}

/** What was found out, and when. */
function revocationOf({ status, checked }) {
  const text = t(`certificate.revocation.${status}`);
  return checked ? t('certificate.revocation.at', { status: text, date: formatTime(checked) }) : text;
}

/** The package's own words for where a certificate came from; files are named by their names. */
function originOf(origin) {
  const known = ['p12', 'mail', 'own', 'trust-anchors', 'file'];
  return known.includes(origin) ? t(`certificate.origin.${origin}`) : origin;
}

customElements.define('certificate-dialog', CertificateDialog);
