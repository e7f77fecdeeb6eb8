// What a certificate says, in a few rows.

import { css, html, nothing } from 'lit';
import { grouped, issuerOf, nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { formatDate, t } from '../language.js';
import { base } from '../styles.js';

export class CertificateFacts extends DemoElement {
  /** `more`: further rows, each the key of a text and a value. */
  static properties = { certificate: { attribute: false }, more: { attribute: false } };

  static styles = [
    base,
    css`
      dl {
        display: grid;
        grid-template-columns: 7.5rem 1fr;
        align-items: baseline;
        gap: 0.1rem 0.9rem;
        margin-top: 0.4rem;
        font-size: 0.9rem;
      }

      dt {
        color: var(--muted);
      }

      dd {
        min-width: 0;
        overflow-wrap: anywhere;
      }

      .mono {
        font-family: var(--mono);
        font-size: 0.85em;
      }

      @media (max-width: 40rem) {
        dl {
          grid-template-columns: 1fr;
        }

        dd {
          margin-bottom: 0.3rem;
        }
      }
    `,
  ];

  render() {
    const { certificate } = this;
    const range = t('certificates.validity.range', {
      from: formatDate(certificate.notBefore),
      to: formatDate(certificate.notAfter),
    });
    return html`
      <div class="row">
        <h3>${nameOf(certificate)}</h3>
        <slot></slot>
      </div>
      <dl>
        ${row('certificates.addresses', certificate.addresses.join(', '))}
        ${row('certificates.issuer', issuerOf(certificate))} ${row('certificates.validity', range)}
        ${row('certificates.fingerprint', grouped(certificate.fingerprint), 'mono')}
        ${this.more?.map(([label, value]) => row(label, value))}
      </dl>
    `;
  }
}

function row(label, value, className = '') {
  return value ? html`<dt>${t(label)}</dt><dd class=${className}>${value}</dd>` : nothing;
}

customElements.define('certificate-facts', CertificateFacts);
