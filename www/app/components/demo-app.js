// The frame: what is shown, what is dropped on it, which dialogs open, and what the page has to say.

import { css, html, nothing } from 'lit';
import { nameOf } from '../certificates.js';
import { DemoElement } from '../element.js';
import { accept, bytesOf, kindOf } from '../files.js';
import { icons } from '../icons.js';
import { language, languages, sentence, t } from '../language.js';
import { session } from '../session.js';
import { base } from '../styles.js';
import './anchor-dialog.js';
import './certificates-page.js';
import './compose-dialog.js';
import './import-dialog.js';
import './mail-list.js';
import './mail-view.js';
import './unlock-dialog.js';

/** Where list and mail don't fit side by side; the same as in the styles below. */
const narrow = '(max-width: 52rem)';

const views = { mail: icons.mail, certificates: icons.shield };

export class DemoApp extends DemoElement {
  static styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        height: 100dvh;
      }

      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 1rem;
        padding: 0.5rem 1rem;
        border-bottom: 1px solid var(--line);
        background: var(--panel);
      }

      .brand {
        display: flex;
        align-items: center;
        gap: 0.55rem;
        font-weight: 650;
      }

      .brand img {
        width: 1.7rem;
        height: 1.7rem;
      }

      .tabs {
        display: flex;
        gap: 0.25rem;
      }

      .tabs button[aria-current='page'] {
        background: var(--accent-soft);
        color: var(--accent);
        font-weight: 600;
      }

      .end {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        margin-inline-start: auto;
      }

      .languages button {
        padding-inline: 0.55rem;
        color: var(--muted);
      }

      .languages button[aria-pressed='true'] {
        color: var(--accent);
        font-weight: 600;
      }

      .mail {
        display: grid;
        grid-template-columns: minmax(17rem, 23rem) minmax(0, 1fr);
        min-height: 0;
      }

      mail-list {
        border-inline-end: 1px solid var(--line);
      }

      mail-view {
        background: var(--panel);
      }

      certificates-page {
        min-height: 0;
      }

      .loading {
        display: grid;
        place-content: center;
        color: var(--muted);
      }

      .drop {
        position: fixed;
        inset: 0.6rem;
        z-index: 5;
        display: grid;
        place-content: center;
        padding: 2rem;
        border: 3px dashed var(--accent);
        border-radius: 1rem;
        background: color-mix(in srgb, var(--panel) 94%, transparent);
        font-size: 1.1rem;
        text-align: center;
        pointer-events: none;
      }

      .messages {
        position: fixed;
        inset-inline: 1rem;
        bottom: 1rem;
        z-index: 4;
        display: grid;
        justify-items: center;
        gap: 0.5rem;
        pointer-events: none;
      }

      .message {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        max-width: 42rem;
        padding: 0.4rem 0.5rem 0.4rem 1rem;
        border: 1px solid var(--line);
        border-radius: 0.7rem;
        background: var(--raised);
        box-shadow: var(--shadow);
        pointer-events: auto;
      }

      .message.bad {
        border-color: var(--bad);
      }

      input[type='file'] {
        display: none;
      }

      @media (max-width: 52rem) {
        .mail {
          grid-template-columns: minmax(0, 1fr);
        }

        mail-list {
          border: 0;
        }

        .mail.reading mail-list,
        .mail:not(.reading) mail-view {
          display: none;
        }

        .brand span {
          display: none;
        }

        .top {
          padding: 0.45rem 0.6rem;
        }

        .end .words {
          display: none;
        }

        .tabs button {
          padding-inline: 0.6rem;
        }
      }
    `,
  ];

  #view = 'mail';
  #ready = false;
  #selected;
  #dragging = false;
  #messages = [];

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('dragover', this.#onDragOver);
    window.addEventListener('dragleave', this.#onDragLeave);
    window.addEventListener('drop', this.#onDrop);
    session.addEventListener('locked', () => this.#say(t('unlock.locked')));
    session.addEventListener('blocked', () => this.#complain(sentence({ code: 'store/blocked' })));
    session.addEventListener('versionchange', () => this.#complain(t('app.newer')));
    this.#start();
  }

  async #start() {
    try {
      await session.start();
    } catch (error) {
      this.#complain(sentence(error));
      console.error(error);
    }
    this.#ready = true;
    this.requestUpdate();
  }

  render() {
    document.title = t('app.title');
    return html`
      <header class="top">
        <span class="brand"><img src="icon.svg" alt=""><span>smime-wasm</span></span>
        <nav class="tabs" aria-label=${t('app.views')}>${Object.keys(views).map((view) => this.#tab(view))}</nav>
        <span class="end">
          ${session.unlocked
            ? html`<button type="button" title=${t('app.lock.hint')} aria-label=${t('app.lock.hint')} @click=${() => session.lock()}>
                ${icons.unlock}<span class="words">${t('app.lock')}</span>
              </button>`
            : nothing}
          <span class="languages" role="group" aria-label=${t('app.language')}>
            ${Object.entries(languages).map(([code, name]) => languageButton(code, name))}
          </span>
        </span>
      </header>
      <main
        class=${this.#view === 'mail' ? `mail ${this.#selected ? 'reading' : ''}` : 'certificates'}
        @compose=${() => this.#dialog('compose').open()}
        @select-mail=${({ detail }) => this.#select(detail)}
        @remove-mail=${({ detail }) => this.#removeMail(detail)}
        @answer=${({ detail }) => this.#answer(detail)}
        @open-mail=${({ detail }) => this.#openMail(detail)}
        @pick-mail=${() => this.#pick('mail')}
        @pick-identity=${() => this.#pick('identity')}
        @unlock=${({ detail }) => this.#dialog('unlock').open(detail)}
        @offer-anchor=${({ detail }) => this.#offerAnchors([detail])}
        @keep-certificate=${({ detail }) => this.#keep([detail])}
        @say=${({ detail }) => this.#say(detail)}
        @complain=${({ detail }) => this.#complain(detail)}
      >
        ${this.#ready ? this.#main() : html`<p class="loading" role="status">${t('app.loading')}</p>`}
      </main>
      <input
        id="pick"
        type="file"
        multiple
        aria-label=${t('list.open')}
        @change=${({ target }) => this.#picked(target)}
      >
      <compose-dialog
        @select-mail=${({ detail }) => this.#select(detail)}
        @say=${({ detail }) => this.#say(detail)}
      ></compose-dialog>
      <import-dialog
        @say=${({ detail }) => this.#say(detail)}
        @keys-imported=${({ detail }) => this.#imported(detail)}
      ></import-dialog>
      <unlock-dialog></unlock-dialog>
      <anchor-dialog @say=${({ detail }) => this.#say(detail)}></anchor-dialog>
      ${this.#dragging ? html`<div class="drop">${t('app.drop')}</div>` : nothing}
      <div class="messages" aria-live="polite">${this.#messages.map((message) => this.#message(message))}</div>
    `;
  }

  #tab(view) {
    return html`
      <button
        class="plain"
        type="button"
        aria-current=${this.#view === view ? 'page' : 'false'}
        @click=${() => this.#show(view)}
      >
        ${views[view]}${t(`app.${view}`)}
      </button>
    `;
  }

  #main() {
    if (this.#view === 'certificates') return html`<certificates-page></certificates-page>`;
    return html`
      <mail-list .selected=${this.#selected}></mail-list>
      <mail-view .mail=${this.#selected}></mail-view>
    `;
  }

  #show(view) {
    this.#view = view;
    this.requestUpdate();
  }

  async #select(mail) {
    const before = this.#selected;
    this.#selected = mail;
    this.#show('mail');
    if (!matchMedia(narrow).matches) return;
    // Only one of list and mail is to be seen: the focus goes along.
    await this.updateComplete;
    if (mail) {
      await this.renderRoot.querySelector('mail-view').updateComplete;
      this.renderRoot.querySelector('mail-view').focus();
    } else if (before) {
      this.renderRoot.querySelector('mail-list').focusOn(before);
    }
  }

  #removeMail(mail) {
    session.removeMail(mail);
    this.#select(undefined);
  }

  /** One draft at a time: one that was begun is shown again, and not lost. */
  async #answer(request) {
    try {
      if (!(await this.#dialog('compose').answer(request))) this.#say(t('answer.draft-there'));
    } catch (error) {
      this.#complain(sentence(error));
    }
  }

  async #openMail({ source, links }) {
    try {
      this.#select(await session.addMail(source, 'opened', { links }));
    } catch (error) {
      this.#complain(sentence(error));
    }
  }

  // Files: dropped, or picked in a dialog

  #onDragOver = (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (!this.#dragging) {
      this.#dragging = true;
      this.requestUpdate();
    }
  };

  #onDragLeave = (event) => {
    if (event.relatedTarget) return;
    this.#dragging = false;
    this.requestUpdate();
  };

  #onDrop = async (event) => {
    event.preventDefault();
    this.#dragging = false;
    this.requestUpdate();
    await this.#take([...event.dataTransfer.files]);
  };

  #pick(what) {
    const input = this.renderRoot.querySelector('#pick');
    input.accept = accept[what];
    input.click();
  }

  async #picked(input) {
    const files = [...input.files];
    input.value = '';
    await this.#take(files);
  }

  /** Does with each file what its kind asks for. Files dropped on a draft are attached to it. */
  async #take(files) {
    if (this.#dialog('compose').isOpen) return this.#attachOrAdd(files);
    for (const file of files) {
      await this.#takeOne(file, await kindOf(file));
    }
  }

  /** A certificate dropped on a draft is for its recipients. */
  async #attachOrAdd(files) {
    for (const file of files) {
      if ((await kindOf(file)) === 'certificate') {
        await this.#takeOne(file, 'certificate');
      } else {
        this.#dialog('compose').attach([file]);
      }
    }
  }

  async #takeOne(file, kind) {
    try {
      if (kind === 'mail') {
        this.#select(await session.addMail(file, 'opened'));
      } else if (kind === 'key') {
        await this.#dialog('import').open(file);
      } else if (kind === 'certificate') {
        const { authorities, people } = await session.readCertificates(await bytesOf(file));
        if (!authorities.length && !people.length) this.#complain(t('certificates.none-found'));
        if (people.length) await this.#keep(people);
        await this.#offerAnchors(authorities);
      } else {
        this.#complain(t('app.unknown-file', { name: file.name }));
      }
    } catch (error) {
      this.#complain(`${file.name}: ${sentence(error)}`);
    }
  }

  async #keep(certificates) {
    try {
      await session.addPeople(certificates);
      this.#say(t('certificates.added', { names: certificates.map(nameOf).join(', ') }));
    } catch (error) {
      this.#complain(sentence(error));
    }
  }

  #imported(roots) {
    this.#show('certificates');
    this.#offerAnchors(roots);
  }

  /** Asks about one authority after the other; those that are trusted already need no question. */
  async #offerAnchors(certificates) {
    for (const certificate of certificates) {
      if (!session.knows(certificate)) await this.#dialog('anchor').open(certificate);
    }
  }

  // Messages

  #say(text) {
    this.#tell({ text, look: '' }, 8_000);
  }

  /** Errors stay until they are dismissed. */
  #complain(text) {
    this.#tell({ text, look: 'bad' });
  }

  #tell(message, milliseconds) {
    this.#messages = [...this.#messages.slice(-2), message];
    this.requestUpdate();
    if (milliseconds) setTimeout(() => this.#dismiss(message), milliseconds);
  }

  #dismiss(message) {
    this.#messages = this.#messages.filter((other) => other !== message);
    this.requestUpdate();
  }

  #message(message) {
    return html`
      <div class="message ${message.look}">
        <span>${message.text}</span>
        <button class="plain icon" type="button" aria-label=${t('app.dismiss')} @click=${() => this.#dismiss(message)}>
          ${icons.close}
        </button>
      </div>
    `;
  }

  #dialog(name) {
    return this.renderRoot.querySelector(`${name}-dialog`);
  }
}

function languageButton(code, name) {
  return html`
    <button
      class="plain"
      type="button"
      lang=${code}
      aria-label=${name}
      aria-pressed=${code === language.code}
      @click=${() => (language.code = code)}
    >
      ${code.toUpperCase()}
    </button>
  `;
}

customElements.define('demo-app', DemoApp);
