// What this browser keeps: how safely, a backup of it, and how to be rid of it.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { fileName, save } from '../files.js';
import { icons } from '../icons.js';
import { backedUp, restored } from '../integration/backup.js';
import { formatNumber, formatSize, formatTime, sentence, t } from '../language.js';
import { office } from '../office.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './file-field.js';

export class DataSection extends DemoElement {
  static styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 1.4rem;
      }

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

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.1rem 1rem;
      }

      dt {
        color: var(--muted);
      }
    `,
  ];

  #work = new Work(this);
  #storage;
  #shown;
  #said = {};
  #isSure = false;

  willUpdate() {
    const key = `${office.person.id} ${office.revision} ${office.keys.count}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#load();
  }

  async #load() {
    // Locking ends every call that runs; then this is asked anew.
    this.#storage = (await office.mailer.storage().catch(() => undefined)) ?? this.#storage;
    this.requestUpdate();
  }

  render() {
    return html`
      <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
      ${this.#keys()} ${this.#backup()} ${this.#restore()} ${this.#state()} ${this.#over()}
    `;
  }

  #keys() {
    if (!office.keys.count) return nothing;
    return html`
      <section aria-labelledby="passphrase-heading">
        <h2 id="passphrase-heading">${t('data.passphrase')}</h2>
        <form @submit=${this.#changePassphrase}>
          ${password('passphrase', 'data.passphrase.old', 'current-password')}
          ${password('newPassphrase', 'data.passphrase.new', 'new-password')}
          <button>${icons.key}${t('data.passphrase.do')}</button>
        </form>
        ${this.#note('passphrase')}
      </section>
    `;
  }

  #backup() {
    return html`
      <section aria-labelledby="backup-heading">
        <h2 id="backup-heading">${t('data.backup')}</h2>
        <p class="caption">${t('data.backup.hint')}</p>
        <form @submit=${this.#makeBackup}>
          ${password('passphrase', 'data.backup.passphrase', 'new-password')}
          <button>${icons.save}${t('data.backup.do')}</button>
        </form>
        ${this.#note('backup')}
      </section>
    `;
  }

  #restore() {
    return html`
      <section aria-labelledby="restore-heading">
        <h2 id="restore-heading">${t('data.restore')}</h2>
        <form @submit=${this.#restoreBackup}>
          <file-field class="field" name="file" required .label=${t('data.restore.file')}></file-field>
          ${password('passphrase', 'data.restore.passphrase', 'current-password')}
          <button>${icons.folder}${t('data.restore.do')}</button>
        </form>
        ${this.#note('restore')}
      </section>
    `;
  }

  #state() {
    if (!this.#storage) return nothing;
    const { isPersistent, usage, quota, lastBackup, problems, storeId } = this.#storage;
    const rows = [
      ['data.state.kept', t(isPersistent ? 'data.state.kept.yes' : 'data.state.kept.no')],
      ['data.state.room', usage !== undefined && t('data.state.room.of', { usage: formatSize(usage), quota: formatSize(quota) })],
      ['data.state.backup', lastBackup ? formatTime(lastBackup) : t('data.state.backup.never')],
      ['data.state.id', html`<code>${storeId}</code>`],
    ];
    return html`
      <section aria-labelledby="state-heading">
        <h2 id="state-heading">${t('data.state')}</h2>
        <dl>
          ${rows.map(([label, value]) => (value ? html`<dt>${t(label)}</dt><dd class="break">${value}</dd>` : nothing))}
        </dl>
        ${problems.map((problem) => html`<p class="caption">${sentence(problem)}</p>`)}
      </section>
    `;
  }

  #over() {
    return html`
      <section aria-labelledby="over-heading">
        <h2 id="over-heading">${t('data.over')}</h2>
        <p class="caption">${t('data.over.hint')}</p>
        <div class="row">
          ${this.#isSure
            ? html`<button class="danger" type="button" @click=${() => office.startOver()}>${t('data.over.sure')}</button>`
            : html`<button class="danger" type="button" @click=${this.#ask}>${icons.trash}${t('data.over.do')}</button>`}
        </div>
      </section>
    `;
  }

  #ask() {
    this.#isSure = true;
    this.requestUpdate();
  }

  #note(name) {
    const { text, isBad } = this.#said[name] ?? {};
    return text ? html`<p class=${isBad ? 'error' : ''} role=${isBad ? 'alert' : 'status'}>${text}</p>` : nothing;
  }

  #makeBackup(event) {
    return this.#do(event, 'backup', 'data.backup.working', async ({ passphrase }, tools) => {
      const { file, problems } = await backedUp(office.mailer, { passphrase, ...tools });
      save(file, fileName(`smime-wasm ${office.person.name}`, 'backup'));
      await this.#load();
      return [t('data.backup.done'), ...problems.map((problem) => sentence(problem))].join(' ');
    });
  }

  #restoreBackup(event) {
    return this.#do(event, 'restore', 'data.restore.working', async ({ file, passphrase }, tools) => {
      const { added, updated, kept, problems } = await restored(office.mailer, { file, passphrase, ...tools });
      office.reopen();
      const counts = { added: formatNumber(added), updated: formatNumber(updated), kept: formatNumber(kept) };
      return [t('data.restore.done', counts), ...problems.map((problem) => sentence(problem))].join(' ');
    });
  }

  #changePassphrase(event) {
    return this.#do(event, 'passphrase', 'unlock.working', async (values, { signal }) => {
      const { changed } = await office.mailer.changePassphrase({ ...values, signal });
      return t('data.passphrase.done', { count: formatNumber(changed.length) });
    });
  }

  async #do(event, name, label, act) {
    event.preventDefault();
    const form = event.target;
    const values = Object.fromEntries(new FormData(form));
    this.#said = {};
    try {
      const text = await this.#work.run(label, ({ signal, onProgress }) => act(values, { signal, onProgress }));
      this.#said = { [name]: { text } };
      form.reset();
    } catch (error) {
      this.#said = { [name]: { text: sentence(error), isBad: true } };
      if (error.code === 'identity/locked') this.ask('unlock');
    }
    this.requestUpdate();
  }
}

function password(name, label, autocomplete) {
  return html`<label class="field">${t(label)}<input name=${name} type="password" required autocomplete=${autocomplete}></label>`;
}

customElements.define('data-section', DataSection);
