import { html } from 'lit';
import { DemoElement } from '../element.js';

export class SettingsPage extends DemoElement {
  render() {
    return html``;
  }
}

customElements.define('settings-page', SettingsPage);
