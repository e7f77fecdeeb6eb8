import { html } from 'lit';
import { DemoElement } from '../element.js';

export class ComposeView extends DemoElement {
  render() {
    return html``;
  }
}

customElements.define('compose-view', ComposeView);
