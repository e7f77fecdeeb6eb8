// What every component of the demo has: the shared styles, the texts, and a refresh when the language, the
// office or the place in it changes.

import { LitElement } from 'lit';
import { language } from './language.js';
import { office } from './office.js';
import { route } from './route.js';

export class DemoElement extends LitElement {
  #refresh = () => this.requestUpdate();

  connectedCallback() {
    super.connectedCallback();
    for (const source of [language, office, route]) source.addEventListener('change', this.#refresh);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const source of [language, office, route]) source.removeEventListener('change', this.#refresh);
  }

  /** Tells the page that something is wanted of it. */
  ask(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
