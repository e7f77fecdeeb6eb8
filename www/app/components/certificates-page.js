import { html } from 'lit';
import { DemoElement } from '../element.js';

export class CertificatesPage extends DemoElement {
  render() {
    return html``;
  }
}

customElements.define('certificates-page', CertificatesPage);
