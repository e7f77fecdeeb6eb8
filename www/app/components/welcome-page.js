// The first start: with the samples, or with a key of one's own.

import { css, html } from 'lit';
import { DemoElement } from '../element.js';
import { isAddress } from '../addresses.js';
import { icons } from '../icons.js';
import { language, languages, sentence, t } from '../language.js';
import { office } from '../office.js';
import { samplePassword, visitor } from '../people.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';

export class WelcomePage extends DemoElement {
  static styles = [
    base,
    css`
      :host {
        display: grid;
        justify-items: center;
        align-content: center;
        min-height: 100dvh;
        padding: 1.5rem 1rem;
      }

      main {
        display: grid;
        gap: 1.4rem;
        max-width: 54rem;
      }

      header {
        display: grid;
        gap: 0.5rem;
        justify-items: center;
        text-align: center;
      }

      header img {
        width: 3.6rem;
        height: 3.6rem;
      }

      h1 {
        font-size: 1.7rem;
      }

      .ways {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
        gap: 1rem;
      }

      section {
        display: flex;
        flex-direction: column;
        gap: 0.8rem;
        padding: 1.3rem;
        border: 1px solid var(--line);
        border-radius: 0.9rem;
        background: var(--panel);
      }

      section .primary,
      section form > button {
        margin-top: auto;
      }

      form {
        flex: 1;
      }

      .languages {
        justify-content: center;
      }

      .languages button[aria-pressed='true'] {
        color: var(--accent);
        font-weight: 600;
      }
    `,
  ];

  #work = new Work(this);

  render() {
    const isBusy = this.#work.state !== undefined;
    return html`
      <main>
        <header>
          <img src="icon.svg" alt="">
          <h1>${t('welcome.title')}</h1>
          <p>${t('welcome.intro')}</p>
        </header>
        <div class="ways">
          <section aria-labelledby="samples">
            <h2 id="samples">${t('welcome.samples')}</h2>
            <p>${t('welcome.samples.text')}</p>
            <p class="caption">${t('welcome.samples.passphrase', { passphrase: samplePassword })}</p>
            <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
            <button class="primary" type="button" ?disabled=${isBusy} @click=${this.#withSamples}>
              ${icons.group}${t('welcome.samples.do')}
            </button>
          </section>
          <section aria-labelledby="own">
            <h2 id="own">${t('welcome.own')}</h2>
            <p>${t('welcome.own.text')}</p>
            <form class="stack" @submit=${this.#asVisitor}>
              <label class="field">${t('welcome.own.name')}<input name="name" autocomplete="name" required></label>
              <label class="field">
                ${t('welcome.own.address')}<input name="address" type="email" autocomplete="email" required>
              </label>
              <button ?disabled=${isBusy}>${icons.key}${t('welcome.own.do')}</button>
            </form>
          </section>
        </div>
        <div class="row languages" role="group" aria-label=${t('app.language')}>
          ${Object.entries(languages).map(
            ([code, name]) => html`
              <button
                class="plain"
                type="button"
                lang=${code}
                aria-pressed=${code === language.code}
                @click=${() => (language.code = code)}
              >
                ${name}
              </button>
            `,
          )}
        </div>
      </main>
    `;
  }

  #withSamples() {
    return this.#begin(() => office.beginWithSamples());
  }

  #asVisitor(event) {
    event.preventDefault();
    const { name, address } = Object.fromEntries(new FormData(event.target));
    if (!isAddress(address.trim())) return;
    return this.#begin(() => office.beginAs(visitor({ name: name.trim(), address: address.trim() })));
  }

  async #begin(how) {
    try {
      await this.#work.run('welcome.samples.working', how);
      this.ask('begun');
    } catch (error) {
      this.ask('complain', sentence(error));
      reportError(error);
    }
  }
}

customElements.define('welcome-page', WelcomePage);
