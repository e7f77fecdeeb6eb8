// The left rail: who is at work, their folders, and the other places of the application.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { formatNumber, language, languages, t } from '../language.js';
import { office } from '../office.js';
import { present } from '../people.js';
import { route } from '../route.js';
import { base } from '../styles.js';

const folders = { inbox: icons.inbox, drafts: icons.pen, sent: icons.sent, trash: icons.trash };

const sections = { certificates: icons.shield, settings: icons.gear, developers: icons.code };

export class AppRail extends DemoElement {
  static properties = { place: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 0.8rem;
        min-height: 0;
        padding: 0.8rem 0.7rem;
        border-inline-end: 1px solid var(--line);
        background: var(--rail);
        overflow: auto;
      }

      .brand {
        display: flex;
        align-items: center;
        gap: 0.55rem;
        padding-inline: 0.35rem;
        font-weight: 650;
      }

      .brand img {
        width: 1.7rem;
        height: 1.7rem;
      }

      .people {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: minmax(0, 1fr);
        gap: 0.3rem;
        padding: 0.25rem;
        border-radius: 0.8rem;
        background: var(--hover);
      }

      .people button {
        flex-direction: column;
        gap: 0.2rem;
        padding: 0.45rem 0.3rem;
        font-size: 0.83rem;
        line-height: 1.2;
        text-align: center;
      }

      .people button[aria-pressed='true'] {
        border-color: var(--line);
        background: var(--raised);
        font-weight: 600;
      }

      .face {
        display: grid;
        place-content: center;
        width: 1.9rem;
        height: 1.9rem;
        border-radius: 50%;
        background: var(--accent-soft);
        color: var(--accent);
        font-size: 0.78rem;
        font-weight: 650;
      }

      .face::before {
        content: attr(data-initials);
        content: attr(data-initials) / '';
      }

      nav {
        display: grid;
        gap: 0.1rem;
      }

      h2 {
        overflow: hidden;
        padding: 0.3rem 0.6rem 0.15rem;
        color: var(--muted);
        font-size: 0.8rem;
        font-weight: 600;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      nav button {
        justify-content: start;
        width: 100%;
        min-height: 2.1rem;
        padding-inline: 0.6rem;
      }

      nav button[aria-current='page'] {
        background: var(--accent-soft);
        color: var(--accent);
        font-weight: 600;
      }

      .count {
        margin-inline-start: auto;
        padding: 0 0.45rem;
        border-radius: 1rem;
        background: var(--accent);
        color: var(--accent-text);
        font-size: 0.78rem;
        font-weight: 600;
      }

      .end {
        display: grid;
        gap: 0.5rem;
        margin-top: auto;
        padding-top: 0.6rem;
        border-top: 1px solid var(--line);
      }

      .end > button {
        justify-content: start;
        padding-inline: 0.6rem;
      }

      .languages button {
        padding-inline: 0.55rem;
        color: var(--muted);
      }

      .languages button[aria-pressed='true'] {
        color: var(--accent);
        font-weight: 600;
      }

      .close {
        display: none;
        margin-inline-start: auto;
      }

      @media (max-width: 64rem) {
        .close {
          display: inline-flex;
        }
      }
    `,
  ];

  render() {
    const { person } = office;
    const people = present(office.people);
    return html`
      <div class="brand">
        <img src="icon.svg" alt="">${t('app.title')}
        <button class="plain icon close" type="button" aria-label=${t('app.menu.close')} @click=${() => this.ask('close')}>
          ${icons.close}
        </button>
      </div>
      ${people.length > 1
        ? html`<div class="people" role="group" aria-label=${t('app.person')}>${people.map((one) => this.#person(one))}</div>`
        : nothing}
      <button class="primary" type="button" @click=${() => this.ask('compose')}>${icons.pen}${t('app.compose')}</button>
      ${person.accounts.map((account) => this.#account(account))}
      <nav aria-label=${t('app.sections')}>
        ${Object.entries(sections).map(([view, icon]) => this.#section(view, icon))}
      </nav>
      <div class="end">
        ${this.#keys()}
        <span class="row languages" role="group" aria-label=${t('app.language')}>
          ${Object.entries(languages).map(([code, name]) => languageButton(code, name))}
        </span>
      </div>
    `;
  }

  focus() {
    this.renderRoot.querySelector('.close').focus();
  }

  #person(person) {
    const isAtWork = person === office.person;
    const initials = person.name.split(' ').map(([first]) => first).join('').slice(0, 2);
    return html`
      <button
        class="plain"
        type="button"
        aria-pressed=${isAtWork}
        aria-label=${t('app.person.as', { name: person.name })}
        @click=${() => this.ask('work-as', person)}
      >
        <span class="face" data-initials=${initials}></span>${person.name}
      </button>
    `;
  }

  #account({ address, name, kind }) {
    return html`
      <nav aria-label=${t('app.folders', { account: name ?? address })}>
        <h2 title=${address}>${kind === 'shared' ? name : address}</h2>
        ${Object.entries(folders).map(([folder, icon]) => this.#folder({ account: address, folder }, icon))}
      </nav>
    `;
  }

  #folder(place, icon) {
    const { view, account, folder } = this.place;
    const isHere = view === 'mail' && account === place.account && folder === place.folder;
    const name = t(`folder.${place.folder}`);
    const unread = place.folder === 'inbox' ? office.unreadIn(place) : 0;
    return html`
      <button
        class="plain"
        type="button"
        aria-current=${isHere ? 'page' : 'false'}
        data-folder=${place.folder}
        data-unread=${unread}
        @click=${() => route.goToFolder(place)}
      >
        ${icon}${name}
        ${unread
          ? html`<span class="count">${formatNumber(unread)}<span class="sr-only"> ${t('folder.unread')}</span></span>`
          : nothing}
      </button>
    `;
  }

  #section(view, icon) {
    return html`
      <button
        class="plain"
        type="button"
        aria-current=${this.place.view === view ? 'page' : 'false'}
        @click=${() => route.go([view])}
      >
        ${icon}${t(`app.${view}`)}
      </button>
    `;
  }

  #keys() {
    const { count, isLocked, expires } = office.keys;
    if (count === undefined) return nothing;
    if (!count) return html`<span class="caption row">${icons.key}${t('app.no-keys')}</span>`;
    if (isLocked) {
      return html`<button class="plain" type="button" @click=${() => this.ask('unlock')}>${icons.lock}${t('app.unlock')}</button>`;
    }
    const time = expires && new Intl.DateTimeFormat(language.code, { timeStyle: 'short' }).format(expires);
    return html`
      <button class="plain" type="button" title=${time ? t('app.unlocked-until', { time }) : ''} @click=${() => office.lock()}>
        ${icons.unlock}${t('app.lock')}
      </button>
    `;
  }
}

function languageButton(code, name) {
  return html`
    <button class="plain" type="button" lang=${code} aria-pressed=${code === language.code} @click=${() => (language.code = code)}>
      ${name}
    </button>
  `;
}

customElements.define('app-rail', AppRail);
