// Shared mailboxes: who administers them and who the members are, and for the administrator, to change that.

import { css, html, nothing } from 'lit';
import { grouped, nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { changeMembers } from '../integration/shared-accounts.js';
import { formatList, formatNumber, sentence, t } from '../language.js';
import { office } from '../office.js';
import { present } from '../people.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';

export class SharedSection extends DemoElement {
  static styles = [
    base,
    css`
      :host,
      section {
        display: grid;
        gap: 0.6rem;
      }

      li {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-height: 3rem;
        border-bottom: 1px solid var(--line);
      }

      li > span {
        flex: 1;
      }

      .claim {
        padding: 0.8rem 1rem;
        border-radius: 0.7rem;
        background: var(--warn-soft);
      }

      code {
        font: 0.9rem/1.5 var(--mono);
        overflow-wrap: anywhere;
      }
    `,
  ];

  #work = new Work(this);
  #accounts = [];
  #said;
  #shown = {};

  willUpdate() {
    const { person, revision } = office;
    if (person !== this.#shown.person) this.#said = undefined;
    if (person === this.#shown.person && revision === this.#shown.revision) return;
    this.#shown = { person, revision };
    this.#load();
  }

  async #load() {
    const { entries, problems } = await office.mailer.sharedAccounts.list();
    this.#accounts = entries;
    if (problems.length) this.#said = problems.map((problem) => sentence(problem)).join(' ');
    this.requestUpdate();
  }

  render() {
    const colleagues = present(office.people).filter((one) => one !== office.person);
    if (!this.#accounts.length && !colleagues.length) return nothing;
    return html`
      <h2>${t('shared.title')}</h2>
      <p class="caption">${t('shared.hint')}</p>
      ${office.claims.map((claim) => this.#claim(claim))}
      ${this.#accounts.map((one) => this.#account(one))}
      ${this.#said ? html`<p role="status">${this.#said}</p>` : nothing}
      ${office.person.keys.length && colleagues.length ? this.#departures(colleagues) : nothing}
    `;
  }

  #account({ account, administrator, members, isAdministrator, isMember, problems }) {
    const outside = office.people.filter(
      ({ accounts }) =>
        accounts.some(({ address }) => address === account) &&
        !members.some(({ certificate }) => certificate.addresses.includes(accounts[0].address)),
    );
    return html`
      <section aria-label=${account}>
        <h3 class="row">${icons.group}${account}${isMember ? nothing : html`<span class="chip warn">${t('shared.no-member')}</span>`}</h3>
        <p class="caption">${t('shared.administrator', { name: nameOf(administrator) })}</p>
        ${problems.map((problem) => html`<p class="caption">${sentence(problem)}</p>`)}
        <ul aria-label=${t('shared.members', { account })}>
          ${members.map(
            ({ name, certificate }) => html`<li>
              ${icons.person}<span>${name || nameOf(certificate)}</span>
              ${isAdministrator && members.length > 1
                ? html`<button
                    type="button"
                    aria-label=${t('shared.remove.named', { name })}
                    @click=${() => this.#change(account, { remove: certificate })}
                  >
                    ${t('shared.remove')}
                  </button>`
                : nothing}
            </li>`,
          )}
          ${isAdministrator
            ? outside.map(
                (person) => html`<li>
                  ${icons.plus}<span>${person.name}</span>
                  <button type="button" aria-label=${t('shared.add.named', { name: person.name })} @click=${() => this.#add(account, person)}>
                    ${t('shared.add')}
                  </button>
                </li>`,
              )
            : nothing}
        </ul>
        ${isMember && !isAdministrator
          ? html`
              <div class="row">
                <button type="button" aria-describedby="administer-hint" @click=${() => this.#administer(account)}>
                  ${icons.shield}${t('shared.administer')}
                </button>
              </div>
              <p id="administer-hint" class="caption">${t('shared.administer.hint')}</p>
            `
          : nothing}
      </section>
    `;
  }

  /** Somebody signed whom nobody here has confirmed: the user compares, and says so. */
  #claim(claim) {
    const { account, administrator, isNew } = claim;
    return html`
      <section class="claim" aria-label=${t('shared.claim', { account })}>
        <h3 class="row">${icons.unverified}${t('shared.claim', { account })}</h3>
        <p>${t(isNew ? 'shared.claim.other' : 'shared.claim.first', { name: nameOf(administrator), addresses: formatList(administrator.addresses) })}</p>
        <p><span class="caption">${t('shared.claim.fingerprint')}</span> <code>${grouped(administrator.fingerprint)}</code></p>
        <div class="row">
          <button class="primary" type="button" @click=${() => this.#confirm(claim)}>${icons.check}${t('shared.claim.confirm')}</button>
          <button type="button" @click=${() => office.dropClaim(claim)}>${t('shared.claim.drop')}</button>
        </div>
      </section>
    `;
  }

  #departures(colleagues) {
    return html`
      <section aria-labelledby="departure">
        <h3 id="departure">${t('shared.departure')}</h3>
        <p class="caption">${t('shared.departure.hint')}</p>
        <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
        <div class="row">
          ${colleagues.map(
            (person) => html`<button type="button" @click=${() => this.#takeOver(person)}>
              ${icons.folder}${t('shared.departure.do', { name: person.name })}
            </button>`,
          )}
        </div>
      </section>
    `;
  }

  /** Their certificate has to be known here, by a signed mail or a file. */
  async #add(account, { name, accounts: [{ address }] }) {
    const { entries } = await office.mailer.certificates({ address, state: 'valid', own: false });
    if (!entries.length) {
      this.#said = t('shared.add.unknown', { name });
      return this.requestUpdate();
    }
    const { certificate } = await office.mailer.certificate({ id: entries[0].id });
    await this.#change(account, { add: { name, certificate } });
  }

  #change(account, change) {
    return this.#do(async () => {
      const { data, problems } = await changeMembers(office.mailer, { account, ...change });
      await office.carry(account, data);
      return [t('shared.changed'), ...problems.map((problem) => sentence(problem))].join(' ');
    });
  }

  #administer(account) {
    return this.#do(async () => {
      await office.administer(account);
      return t('shared.administer.done', { account });
    });
  }

  #confirm(claim) {
    return this.#do(async () => {
      await office.confirmClaim(claim);
      return t('shared.claim.done', { name: nameOf(claim.administrator), account: claim.account });
    });
  }

  /** What needs a key that is locked is done once it is unlocked. */
  async #do(act) {
    try {
      this.#said = await act();
    } catch (error) {
      this.#said = sentence(error);
      if (error.code === 'identity/locked') this.ask('unlock', () => this.#do(act));
    }
    this.requestUpdate();
  }

  async #takeOver(person) {
    try {
      const { changed, closed } = await this.#work.run('shared.departure.working', (tools) => office.takeOver(person, tools));
      const counts = { name: person.name, changed: formatNumber(changed), closed: formatNumber(closed) };
      this.#said = t('shared.departure.done', counts);
    } catch (error) {
      this.#said = sentence(error);
    }
    this.requestUpdate();
  }
}

customElements.define('shared-section', SharedSection);
