// Shared mailboxes: who administers them and who the members are, and for the administrator, to change that.

import { css, html, nothing } from 'lit';
import { nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { changeMembers } from '../integration/shared-accounts.js';
import { formatNumber, sentence, t } from '../language.js';
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
        min-height: 2.4rem;
        border-bottom: 1px solid var(--line);
      }

      li > span {
        flex: 1;
      }
    `,
  ];

  #work = new Work(this);
  #accounts = [];
  #said;
  #shown;

  willUpdate() {
    const key = `${office.person.id} ${office.revision}`;
    if (key === this.#shown) return;
    this.#shown = key;
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

  async #change(account, change) {
    try {
      const { data, problems } = await changeMembers(office.mailer, { account, ...change });
      await office.carry(account, data);
      this.#said = [t('shared.changed'), ...problems.map((problem) => sentence(problem))].join(' ');
    } catch (error) {
      this.#said = sentence(error);
      if (error.code === 'identity/locked') this.ask('unlock', () => this.#change(account, change));
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
