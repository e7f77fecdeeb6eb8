// Importing key files: their password, and the passphrase that will seal the keys here. Many files at
// once, with a result for each.

import { html, nothing } from 'lit';
import { nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { importKeys } from '../integration/keys.js';
import { formatList, sentence, t } from '../language.js';
import { office } from '../office.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './modal-dialog.js';

const shortest = 8;

export class ImportDialog extends DemoElement {
  static styles = base;

  #work = new Work(this);
  #files = [];
  #error;
  #results;

  /** Asks for the passwords of key files; resolved when that is done or given up. */
  async open(files) {
    this.#files = files;
    this.#error = this.#results = undefined;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector('form')?.reset();
    await this.#dialog.open();
  }

  render() {
    return html`
      <modal-dialog heading=${t('import.title')} @close=${() => this.#work.cancel()}>
        ${this.#results ? this.#report() : this.#form()}
      </modal-dialog>
    `;
  }

  #form() {
    return html`
      <form class="stack" @submit=${this.#submit} @input=${() => this.#say(undefined)}>
        <p><span class="caption">${t('import.files')}:</span> <b class="break">${formatList(this.#files.map(({ name }) => name))}</b></p>
        <label class="field">
          ${t('import.password')}
          <input name="password" type="password" autocomplete="off" autofocus>
        </label>
        <div class="field">
          <label for="passphrase">${t('import.passphrase')}</label>
          <input id="passphrase" name="passphrase" type="password" autocomplete="new-password" required aria-describedby="hint">
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
    `;
  }

  /** What became of each file, where there is more to say than that all went well. */
  #report() {
    return html`
      <div class="stack">
        <ul class="stack">
          ${this.#results.map(
            ({ name, identities, problems, error }) => html`
              <li>
                <b class="break">${name}</b>
                ${identities.map(
                  (one) => html`<p>${nameOf(one.certificate)}</p>
                    ${one.problems.map((problem) => html`<p class="caption">${sentence(problem)}</p>`)}`,
                )}
                ${problems.map((problem) => html`<p class="caption">${sentence(problem)}</p>`)}
                ${error ? html`<p class="error">${sentence(error)}</p>` : nothing}
              </li>
            `,
          )}
        </ul>
        <div class="row">
          <button class="primary" type="button" @click=${() => this.#dialog.close()}>${t('app.close')}</button>
        </div>
      </div>
    `;
  }

  async #submit(event) {
    event.preventDefault();
    const { password, passphrase, repeat } = Object.fromEntries(new FormData(event.target));
    if (passphrase.length < shortest) return this.#say(t('import.passphrase.short'));
    if (passphrase !== repeat) return this.#say(t('import.repeat.differs'));
    try {
      await this.#work.run('import.working', async ({ signal, onProgress }) => {
        const results = await importKeys(office.mailer, { files: this.#files, password, passphrase, signal, onProgress });
        await this.#done(results);
      });
    } catch (error) {
      this.#say(sentence(error));
    }
  }

  async #done(results) {
    const [first] = results;
    // The usual slip with a single file: one tries again.
    if (results.length === 1 && first.error) return this.#say(sentence(first.error));
    const stored = results.flatMap(({ identities }) => identities);
    if (stored.length) {
      this.ask('say', t('import.done', { names: formatList(stored.map(({ certificate }) => nameOf(certificate))) }));
      this.ask('imported');
    }
    const quiet = ['store/backup-due', 'store/not-persistent'];
    const hasMore = results.some(
      ({ identities, problems, error }) =>
        error || identities.some((one) => one.problems.length) || problems.some(({ code }) => !quiet.includes(code)),
    );
    if (hasMore) {
      this.#results = results;
      this.requestUpdate();
    } else {
      this.#dialog.close();
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
