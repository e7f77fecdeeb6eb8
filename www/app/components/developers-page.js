import { html } from 'lit';
import { DemoElement } from '../element.js';

export class DevelopersPage extends DemoElement {
  render() {
    return html``;
  }
}

customElements.define('developers-page', DevelopersPage);
