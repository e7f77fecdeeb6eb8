// The code that does what was to be seen: the files of integration/, which this application runs.

import { css, html, nothing } from 'lit';
import answerMail from '../integration/answer-mail.js?source';
import backup from '../integration/backup.js?source';
import certificates from '../integration/certificates.js?source';
import classifyMail from '../integration/classify-mail.js?source';
import departure from '../integration/departure.js?source';
import drafts from '../integration/drafts.js?source';
import keys from '../integration/keys.js?source';
import online from '../integration/online.js?source';
import openMailer from '../integration/open-mailer.js?source';
import readMail from '../integration/read-mail.js?source';
import readiness from '../integration/readiness.js?source';
import sendMail from '../integration/send-mail.js?source';
import settings from '../integration/settings.js?source';
import sharedAccounts from '../integration/shared-accounts.js?source';
import sync from '../integration/sync.js?source';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { t } from '../language.js';
import { route } from '../route.js';
import { base } from '../styles.js';
import { pageStyles } from './page-styles.js';

const topics = {
  'open-mailer': openMailer,
  keys,
  'classify-mail': classifyMail,
  'read-mail': readMail,
  readiness,
  'send-mail': sendMail,
  'answer-mail': answerMail,
  drafts,
  certificates,
  online,
  'shared-accounts': sharedAccounts,
  departure,
  settings,
  backup,
  sync,
};

export class DevelopersPage extends DemoElement {
  static properties = { chosen: {} };

  static styles = [
    base,
    pageStyles,
    css`
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0.3rem;
      }

      nav button {
        min-height: 1.9rem;
        border-radius: 1rem;
        font-size: 0.9rem;
      }

      nav button[aria-current='true'] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--accent);
      }

      pre {
        margin: 0;
        padding: 0.9rem 1rem;
        border: 1px solid var(--line);
        border-radius: 0.7rem;
        background: var(--page);
        font: 0.85rem/1.55 var(--mono);
        overflow: auto;
        tab-size: 2;
      }

      code {
        font-family: var(--mono);
        font-size: 0.92em;
      }

      .comment {
        color: var(--muted);
      }

      .string {
        color: var(--good);
      }

      .word {
        color: var(--accent);
      }
    `,
  ];

  render() {
    return html`
      <div class="page">
        <h1>${t('app.developers')}</h1>
        <p>${t('developers.intro')}</p>
        <section aria-labelledby="install">
          <h2 id="install">${t('developers.install')}</h2>
          <pre tabindex="0"><code>npm install smime-wasm</code></pre>
        </section>
        <nav aria-label=${t('developers.topics')}>
          ${Object.keys(topics).map(
            (topic) => html`<button
              type="button"
              aria-current=${topic === this.chosen}
              @click=${() => route.go(['developers', topic], { replace: true })}
            >
              ${t(`developers.topic.${topic}`)}
            </button>`,
          )}
        </nav>
        ${Object.entries(topics).map(([topic, source]) => this.#topic(topic, source))}
      </div>
    `;
  }

  updated(changed) {
    if (changed.has('chosen') && this.chosen in topics) {
      this.renderRoot.querySelector(`[data-topic="${this.chosen}"]`).scrollIntoView({ block: 'start' });
    }
  }

  #topic(topic, source) {
    const file = `${topic}.js`;
    return html`
      <section data-topic=${topic} aria-labelledby=${topic}>
        <div class="row spread">
          <h2 id=${topic}>${t(`developers.topic.${topic}`)}</h2>
          <button type="button" aria-label=${t('developers.copy.named', { name: file })} @click=${() => this.#copy(source)}>
            ${icons.copy}${t('developers.copy')}
          </button>
        </div>
        <p>${marked(t(`developers.topic.${topic}.text`))}</p>
        <pre tabindex="0" aria-label=${file}><code>${coloured(source.trim())}</code></pre>
      </section>
    `;
  }

  async #copy(source) {
    await navigator.clipboard.writeText(source);
    this.ask('say', t('developers.copied'));
  }
}

/** What stands between backticks is code. */
function marked(text) {
  return text.split('`').map((part, at) => (at % 2 ? html`<code>${part}</code>` : part));
}

/** Comments, strings and words of the language in colours of their own. */
function coloured(source) {
  const parts = /(?<comment>\/\*[^]*?\*\/|\/\/.*)|(?<string>'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)|(?<word>\b(?:import|from|export|async|await|function|return|const|throw|try|catch|if|new)\b)/g;
  const found = [];
  let at = 0;
  for (const match of source.matchAll(parts)) {
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    found.push(source.slice(at, match.index), html`<span class=${kind}>${match[0]}</span>`);
    at = match.index + match[0].length;
  }
  return [...found, source.slice(at) || nothing];
}

customElements.define('developers-page', DevelopersPage);
