// Every setting, in the words that users know: for everything, for an account, or for a contact.

import { css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { isAddress } from '../addresses.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { choose, settingsFor } from '../integration/settings.js';
import { sentence, t } from '../language.js';
import { office } from '../office.js';
import { forContacts, forEverything, settingGroups, settingKinds } from '../setting-kinds.js';
import { base } from '../styles.js';
import './archive-setting.js';
import './data-section.js';
import { pageStyles } from './page-styles.js';
import './shared-section.js';
import './sync-section.js';
import './unlock-section.js';

const minute = 60_000;

export class SettingsPage extends DemoElement {
  static styles = [
    base,
    pageStyles,
    css`
      unlock-section,
      shared-section,
      sync-section,
      data-section {
        margin-top: 0.8rem;
      }

      .scope {
        align-items: end;
      }

      .scope .field {
        flex: 0 1 20rem;
      }

      .setting {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(8rem, 21rem);
        align-items: center;
        gap: 0.2rem 1.2rem;
        padding: 0.55rem 0;
        border-bottom: 1px solid var(--line);
      }

      .setting > :last-child {
        justify-self: end;
      }

      .setting input[type='checkbox'] {
        width: 1.3rem;
        height: 1.3rem;
      }

      .setting label {
        font-weight: 550;
      }

      .setting input[type='number'],
      .setting input[type='text'] {
        width: 8rem;
      }

      .locked {
        display: inline-flex;
        align-items: center;
        gap: 0.3rem;
        color: var(--muted);
        font-size: 0.83rem;
      }

      @media (max-width: 48rem) {
        .setting:has(select, archive-setting) {
          grid-template-columns: minmax(0, 1fr);
        }

        .setting > :last-child {
          justify-self: start;
        }

        .setting:not(:has(select, archive-setting)) {
          grid-template-columns: minmax(0, 1fr) auto;
        }
      }
    `,
  ];

  /** `'everything'`, `'contact'`, or the address of an account. */
  #scope = 'everything';
  #contact = '';
  #found;
  #error;
  #shown;

  willUpdate() {
    const { person } = office;
    if (!['everything', 'contact'].includes(this.#scope) && !person.accounts.some(({ address }) => address === this.#scope)) {
      this.#scope = 'everything';
    }
    const key = `${person.id} ${this.#scope} ${this.#contact} ${office.revision}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#load();
  }

  get #where() {
    if (this.#scope === 'everything') return {};
    if (this.#scope !== 'contact') return { account: this.#scope };
    return isAddress(this.#contact) ? { contact: this.#contact } : undefined;
  }

  async #load() {
    const where = this.#where;
    try {
      this.#found = where && (await settingsFor(office.mailer, where));
    } catch (error) {
      this.#error = error;
    }
    this.requestUpdate();
  }

  render() {
    return html`
      <div class="page">
        <h1>${t('app.settings')}</h1>
        ${this.#scopes()}
        ${this.#error ? html`<p class="error" role="alert">${sentence(this.#error)}</p>` : nothing}
        ${this.#found ? Object.entries(settingGroups).map(([group, names]) => this.#group(group, names)) : nothing}
        <unlock-section></unlock-section>
        <shared-section></shared-section>
        <sync-section></sync-section>
        <data-section></data-section>
      </div>
    `;
  }

  #scopes() {
    const options = [
      ['everything', t('settings.scope.everything')],
      ...office.person.accounts.map(({ address }) => [address, t('settings.scope.account', { address })]),
      ['contact', t('settings.scope.contact')],
    ];
    return html`
      <div class="row scope">
        <label class="field">
          ${t('settings.scope')}
          <select @change=${({ target }) => this.#choosePlace(target.value)}>
            ${options.map(([value, text]) => html`<option value=${value} .selected=${live(value === this.#scope)}>${text}</option>`)}
          </select>
        </label>
        ${this.#scope === 'contact'
          ? html`<label class="field">
              ${t('settings.contact')}
              <input type="email" .value=${this.#contact} @change=${({ target }) => this.#chooseContact(target.value)}>
            </label>`
          : nothing}
        <button type="button" ?disabled=${!this.#found} @click=${this.#reset}>${t('settings.reset')}</button>
      </div>
    `;
  }

  #choosePlace(scope) {
    this.#scope = scope;
    this.#error = undefined;
    this.requestUpdate();
  }

  #chooseContact(contact) {
    this.#contact = contact.trim();
    this.requestUpdate();
  }

  get #offered() {
    const all = Object.keys(settingKinds);
    if (this.#scope === 'everything') return all;
    return this.#scope === 'contact' ? forContacts : all.filter((name) => !forEverything.includes(name));
  }

  #group(group, names) {
    const offered = names.filter((name) => this.#offered.includes(name));
    if (!offered.length) return nothing;
    return html`
      <section aria-labelledby=${group}>
        <h2 id=${group}>${t(`settings.group.${group}`)}</h2>
        <div>${offered.map((name) => this.#setting(name))}</div>
      </section>
    `;
  }

  #setting(name) {
    const isLocked = this.#found.locked.includes(name);
    return html`
      <div class="setting" data-setting=${name}>
        <div>
          <label for=${name}>${t(`setting.${name}`)}</label>
          <p id="${name}-hint" class="caption">${t(`setting.${name}.hint`)}</p>
          ${isLocked ? html`<span class="locked">${icons.lock}${t('settings.locked')}</span>` : nothing}
        </div>
        ${this.#control(name, this.#found.values[name], isLocked)}
      </div>
    `;
  }

  #control(name, value, isLocked) {
    const { kind, values } = settingKinds[name];
    const set = (read) => ({ target }) => this.#choose({ [name]: read(target) });
    const hint = `${name}-hint`;
    if (kind === 'flag') {
      return html`<input
        id=${name}
        type="checkbox"
        aria-describedby=${hint}
        .checked=${live(value)}
        ?disabled=${isLocked}
        @change=${set(({ checked }) => checked)}
      >`;
    }
    if (kind === 'choice') {
      return html`<select id=${name} aria-describedby=${hint} ?disabled=${isLocked} @change=${set((select) => select.value)}>
        ${values.map((one) => html`<option value=${one} .selected=${live(one === value)}>${t(`setting.${name}.${one}`)}</option>`)}
      </select>`;
    }
    if (kind === 'minutes') {
      return html`<input
        id=${name}
        type="number"
        min="1"
        max="10080"
        aria-describedby=${hint}
        .value=${live(String(value / minute))}
        ?disabled=${isLocked}
        @change=${set((input) => Math.round(Number(input.value)) * minute)}
      >`;
    }
    if (kind === 'days') {
      return html`<input
        id=${name}
        type="text"
        inputmode="numeric"
        aria-describedby=${hint}
        .value=${live(value.join(', '))}
        ?disabled=${isLocked}
        @change=${set((input) => input.value.split(/[^0-9]+/).filter(Boolean).map(Number))}
      >`;
    }
    return html`<archive-setting .ids=${value} ?locked=${isLocked} @choose=${({ detail }) => this.#choose({ [name]: detail })}></archive-setting>`;
  }

  async #choose(values) {
    this.#error = undefined;
    try {
      await choose(office.mailer, { ...this.#where, values });
      office.reopen();
      this.ask('say', t('settings.saved'));
    } catch (error) {
      this.#error = error;
      if (error.code === 'identity/locked') this.ask('unlock', () => this.#choose(values));
      await this.#load();
    }
  }

  #reset() {
    const free = this.#offered.filter((name) => !this.#found.locked.includes(name));
    return this.#choose(Object.fromEntries(free.map((name) => [name, null])));
  }
}

customElements.define('settings-page', SettingsPage);
