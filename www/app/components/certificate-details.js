// All that a certificate says.

import { css, html, nothing } from 'lit';
import { explainValidation } from 'smime-wasm/texts';
import { DemoElement } from '../element.js';
import { language, t } from '../language.js';
import { base } from '../styles.js';

export class CertificateDetailsView extends DemoElement {
  static properties = { details: { attribute: false } };

  static styles = [
    base,
    css`
      summary {
        cursor: pointer;
        font-size: 0.9rem;
        color: var(--muted);
      }

      p {
        margin-top: 0.4rem;
        font-size: 0.9rem;
      }

      dl {
        display: grid;
        grid-template-columns: 7.5rem 1fr;
        gap: 0.3rem 0.9rem;
        margin-top: 0.5rem;
        font-size: 0.9rem;
      }

      dt {
        color: var(--muted);
      }

      dd {
        min-width: 0;
        overflow-wrap: anywhere;
      }

      dd > div + div {
        margin-top: 0.1rem;
      }

      @media (max-width: 40rem) {
        dl {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  render() {
    return html`
      <details>
        <summary>${t('certificates.details')}</summary>
        <p>${explainValidation(this.details, language.code)}</p>
        ${facts(this.details)}
      </details>
    `;
  }
}

function facts(details) {
  const { publicKey, extendedKeyUsages = [], keyUsages = [], capabilities = [] } = details;
  const named = ({ name, oid }) => (name ? `${name} (${oid})` : oid);
  const place = ({ names }) => names.map(({ value }) => value).join(', ');
  return html`
    <dl>
      ${rows('class', details.class ? [details.class.text] : [])}
      ${rows('subject', attributes(details.subject))} ${rows('issuer', attributes(details.issuer))}
      ${rows('refused', details.refusedAddresses.map(({ text }) => text))}
      ${rows('key', [`${publicKey.algorithm}${publicKey.bits ? `, ${publicKey.bits} bit` : ''}`])}
      ${rows('usages', [...keyUsages, ...extendedKeyUsages.map(({ name, oid }) => name ?? oid)])}
      ${rows('policies', details.policies.map((policy) => [named(policy), ...policy.cps].join(' ')))}
      ${rows('capabilities', capabilities.map(({ name, oid }) => name ?? oid))}
      ${rows('crls', details.crls.map(place))} ${rows('ocsp', details.ocsp)}
      ${rows('ca-issuers', details.caIssuers)} ${rows('signature', [details.signatureAlgorithm])}
      ${rows('serial', [details.serialNumber])} ${rows('sha-1', [details.fingerprints.sha1])}
      ${rows('extensions', details.extensions.map((one) => `${named(one)}${one.critical ? ' *' : ''}`))}
    </dl>
  `;
}

function rows(label, values) {
  if (values.length === 0) return nothing;
  return html`
    <dt>${t(`certificates.details.${label}`)}</dt>
    <dd>${values.map((value) => html`<div>${visible(value)}</div>`)}</dd>
  `;
}

function attributes({ relativeNames }) {
  return relativeNames.map((name) => name.map(({ type, value }) => `${type}: ${value}`).join(' + '));
}

/** The text with characters that are not seen, or turn others round, in words. */
function visible(text) {
  const hidden = /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;
  const code = (character) => character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  return text.replace(hidden, (character) => `[U+${code(character)}]`);
}

customElements.define('certificate-details', CertificateDetailsView);
