// A second browser or device of the same user: the file that both have in common, brought and taken along.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { fileName, save } from '../files.js';
import { icons } from '../icons.js';
import { synced } from '../integration/sync.js';
import { formatNumber, sentence, t } from '../language.js';
import { office } from '../office.js';
import { base } from '../styles.js';
import { syncFileOf } from '../sync-file.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './file-field.js';

export class SyncSection extends DemoElement {
  static styles = [
    base,
    css`
      section {
        display: grid;
        gap: 0.6rem;
      }

      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.6rem;
      }

      .field {
        flex: 1 1 12rem;
      }
    `,
  ];

  #work = new Work(this);
  #said;

  render() {
    return html`
      <section aria-labelledby="sync">
        <h2 id="sync">${t('sync.title')}</h2>
        <p class="caption">${t('sync.hint')}</p>
        <form @submit=${this.#sync}>
          <file-field class="field" name="file" .label=${t('sync.file')}></file-field>
          <label class="field">
            ${t('sync.passphrase')}<input name="passphrase" type="password" required autocomplete="off">
          </label>
          <button ?disabled=${this.#work.state !== undefined}>${icons.sync}${t('sync.do')}</button>
        </form>
        <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
        ${this.#said
          ? html`<p class=${this.#said.isBad ? 'error' : ''} role=${this.#said.isBad ? 'alert' : 'status'}>${this.#said.text}</p>`
          : nothing}
      </section>
    `;
  }

  async #sync(event) {
    event.preventDefault();
    const form = event.target;
    const { file, passphrase } = Object.fromEntries(new FormData(form));
    this.#said = undefined;
    try {
      const text = await this.#work.run('sync.working', (tools) => this.#exchange(file, { passphrase, ...tools }));
      this.#said = { text };
      form.reset();
    } catch (error) {
      this.#said = { text: sentence(error), isBad: true };
      if (error.code === 'identity/locked') this.ask('unlock');
    }
    this.requestUpdate();
  }

  async #exchange(file, tools) {
    const carried = syncFileOf(office.person);
    carried.begin(file);
    const { added, updated, removed, problems } = await synced(office.mailer, tools);
    const { left } = carried;
    if (left) save(left, fileName(`smime-wasm ${office.person.name}`, 'sync'));
    office.reopen();
    const counts = { added: formatNumber(added), updated: formatNumber(updated), removed: formatNumber(removed) };
    return [
      file ? t('sync.done', counts) : '',
      t(left ? 'sync.left' : 'sync.nothing'),
      ...problems.map((problem) => sentence(problem)),
    ].join(' ');
  }
}

customElements.define('sync-section', SyncSection);
