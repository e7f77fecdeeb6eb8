// Files that are dragged onto the page from outside.

import { css, html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { t } from '../language.js';
import { route } from '../route.js';
import { base } from '../styles.js';

export class DropZone extends DemoElement {
  static styles = [
    base,
    css`
      div {
        position: fixed;
        inset: 0.6rem;
        z-index: 7;
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
    `,
  ];

  #isDragging = false;

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('dragover', this.#over);
    window.addEventListener('dragleave', this.#leave);
    window.addEventListener('drop', this.#drop);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('dragover', this.#over);
    window.removeEventListener('dragleave', this.#leave);
    window.removeEventListener('drop', this.#drop);
  }

  render() {
    if (!this.#isDragging) return nothing;
    return html`<div>${t(route.place.view === 'write' ? 'app.drop.attach' : 'app.drop')}</div>`;
  }

  #over = (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (!this.#isDragging) this.#drag(true);
  };

  #leave = (event) => {
    if (!event.relatedTarget) this.#drag(false);
  };

  #drop = (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.#drag(false);
    this.ask('files', [...event.dataTransfer.files]);
  };

  #drag(isDragging) {
    this.#isDragging = isDragging;
    this.requestUpdate();
  }
}

customElements.define('drop-zone', DropZone);
