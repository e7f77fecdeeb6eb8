// Importing a .p12: the password of the file, and the passphrase that will seal the key here.

import { html, nothing } from 'lit';
import { nameOf } from '../certificates.js';
import { DemoElement } from '../element.js';
import { bytesOf } from '../files.js';
import { sentence, t } from '../language.js';
import { session } from '../session.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './modal-dialog.js';

const shortest = 8;

export class ImportDialog extends DemoElement {
  static styles = base;

  #work = new Work(this);
  #file;
  #error;

  /** Asks for the passwords of a file; resolved when that is done or given up. */
  async open(file) {
    this.#file = file;
    this.#error = undefined;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector('form').reset();
    await this.#dialog.open();
  }

  render() {
    return html`
      <modal-dialog heading=${t('import.title')} @close=${() => this.#work.cancel()}>
        <form class="stack" @submit=${this.#submit} @input=${() => this.#say(undefined)}>
          <p><span class="caption">${t('import.file')}:</span> <b class="break">${this.#file?.name}</b></p>
          <label class="field">
            ${t('import.password')}
            <input name="password" type="password" autocomplete="off" autofocus>
          </label>
          <div class="field">
            <label for="passphrase">${t('import.passphrase')}</label>
            <input
              id="passphrase"
              name="passphrase"
              type="password"
              autocomplete="new-password"
              required
              aria-describedby="hint"
            >
            <span id="hint" class="caption">${t('import.passphrase.hint')}</span>
          </div>
          <label class="field">
            ${t('import.repeat')}
            <input name="repeat" type="password" autocomplete="new-password" required>
          </label>
          ${this.#error ? html`<p class="error" role="alert">${this.#error}</p>` : nothing}
          <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
          <div class="row">
            <button class="primary" ?disabled=${this.#work.state !== undefined}>${t('import.do')}</button>
          </div>
        </form>
      </modal-dialog>
    `;
  }

  async #submit(event) {
    event.preventDefault();
    const { password, passphrase, repeat } = Object.fromEntries(new FormData(event.target));
    if (passphrase.length < shortest) return this.#say(t('import.passphrase.short'));
    if (passphrase !== repeat) return this.#say(t('import.repeat.differs'));
    try {
      await this.#work.run('import.working', async ({ signal }) => {
        const data = await bytesOf(this.#file);
        const { own, roots, problems } = await session.importKeys({ data, password, passphrase, signal });
        const said = problems.map(sentence);
        if (own.length === 0) return this.#say(said.join(' '));
        this.#dialog.close();
        this.ask('say', [t('import.done', { names: own.map(nameOf).join(', ') }), ...said].join(' '));
        this.ask('keys-imported', roots);
      });
    } catch (error) {
      this.#say(sentence(error));
    }
  }

  #say(error) {
    this.#error = error;
    this.requestUpdate();
  }

  get #dialog() {
    return this.renderRoot.querySelector('modal-dialog');
  }
}

customElements.define('import-dialog', ImportDialog);
