// What every component of the demo has: the shared styles, the texts, and a refresh when the language
// or the session changes.

import { LitElement } from 'lit';
import { language } from './language.js';
import { session } from './session.js';

export class DemoElement extends LitElement {
  #refresh = () => this.requestUpdate();

  connectedCallback() {
    super.connectedCallback();
    language.addEventListener('change', this.#refresh);
    session.addEventListener('change', this.#refresh);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    language.removeEventListener('change', this.#refresh);
    session.removeEventListener('change', this.#refresh);
  }

  /** Tells the page that something is wanted of it. */
  ask(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
