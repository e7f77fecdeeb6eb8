// How far a piece of work is, and a way to end it. Takes the `Work` of its host.

import { css, html, LitElement, nothing } from 'lit';
import { t } from '../language.js';
import { base } from '../styles.js';

export class BusyBar extends LitElement {
  static properties = { state: { attribute: false } };

  static styles = [
    base,
    css`
      :host(:not([busy])) {
        display: none;
      }

      .bar {
        display: flex;
        align-items: center;
        gap: 0.8rem;
        padding: 0.45rem 0.8rem;
        border-radius: 0.5rem;
        background: var(--accent-soft);
      }

      .bar > div {
        flex: 1;
        min-width: 0;
      }

      progress {
        display: block;
        width: 100%;
        height: 0.45rem;
        accent-color: var(--accent);
      }
    `,
  ];

  updated() {
    this.toggleAttribute('busy', this.state !== undefined);
  }

  render() {
    if (!this.state) return nothing;
    const { label, done, total } = this.state;
    return html`
      <div class="bar">
        <div>
          <span id="label" role="status">${t(label)}</span>
          ${total
            ? html`<progress aria-labelledby="label" max=${total} .value=${done}></progress>`
            : html`<progress aria-labelledby="label"></progress>`}
        </div>
        <button type="button" @click=${() => this.dispatchEvent(new Event('cancel'))}>${t('app.cancel')}</button>
      </div>
    `;
  }
}

customElements.define('busy-bar', BusyBar);
