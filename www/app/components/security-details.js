// Why a badge and a lock say what they say, in plain sentences, and how the mail is built.

import { css, html, nothing } from 'lit';
import { nameOf } from '../certificate-names.js';
import { DemoElement } from '../element.js';
import { formatTime, sentence, t, words } from '../language.js';
import { base } from '../styles.js';
import './header-fields.js';

export class SecurityDetails extends DemoElement {
  static properties = { opened: { attribute: false } };

  static styles = [
    base,
    css`
      details {
        border: 1px solid var(--line);
        border-radius: 0.7rem;
      }

      summary {
        padding: 0.5rem 0.95rem;
        cursor: pointer;
        color: var(--muted);
        font-size: 0.93rem;
      }

      .inside {
        display: grid;
        gap: 1rem;
        padding: 0.3rem 0.95rem 1rem;
        font-size: 0.93rem;
      }

      h2 {
        margin-bottom: 0.2rem;
        font-size: 0.93rem;
      }

      p + p {
        margin-top: 0.3rem;
      }

      ul {
        padding-inline-start: 1.1rem;
        list-style: disc;
      }

      ol {
        display: grid;
        gap: 0.5rem;
        margin: 0;
        padding-inline-start: 1.3rem;
      }

      dl {
        display: grid;
        grid-template-columns: 9rem 1fr;
        gap: 0.1rem 0.9rem;
      }

      dt {
        color: var(--muted);
      }

      dd {
        min-width: 0;
        overflow-wrap: anywhere;
      }

      @media (max-width: 40rem) {
        dl {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  /** Opens the details and goes there. */
  show() {
    const details = this.renderRoot.querySelector('details');
    details.open = true;
    details.querySelector('summary').focus();
  }

  render() {
    const { badge, lock, layers, headers, validation, recipients } = this.opened;
    const rest = this.#rest();
    return html`
      <details>
        <summary>${t('details.show')}</summary>
        <div class="inside">
          ${reasons('details.sender', badge)} ${reasons('details.confidential', lock)}
          ${recipients.length ? this.#recipients(recipients) : nothing}
          ${validation
            ? html`<p>
                ${t('details.checked')}:
                ${t(`details.checked.${validation.revocation}`, { time: formatTime(validation.at) })}
              </p>`
            : nothing}
          <section>
            <h2>${t('details.header')}</h2>
            <header-fields .headers=${headers}></header-fields>
          </section>
          ${rest.length
            ? html`<section>
                <h2>${t('details.more')}</h2>
                ${rest.map((text) => html`<p>${text}</p>`)}
              </section>`
            : nothing}
          ${layers.length
            ? html`<section>
                <h2>${t('details.layers')}</h2>
                <ol>
                  ${layers.map(layerItem)}
                </ol>
              </section>`
            : nothing}
        </div>
      </details>
    `;
  }

  /** What is said of the mail, its layers and signatures, and not already as a reason. */
  #rest() {
    const { badge, lock, problems, layers, signatures, encryption } = this.opened;
    // A signature inside that holds shows that nobody changed the content on its way.
    const isNews = ({ code }) => code !== 'cipher/no-integrity' || encryption === 'unprotected';
    const said = new Set([badge, lock].flatMap((one) => [one, ...one.reasons]).map((one) => sentence(one)));
    const ofLayers = layers.flatMap(({ problems: own }) => own ?? []);
    const ofSignatures = signatures.flatMap(({ problems: own }) => own);
    const all = [...problems, ...ofSignatures, ...ofLayers].filter(isNews);
    return [...new Set(all.map((one) => sentence(one)))].filter((text) => !said.has(text));
  }

  #recipients(recipients) {
    const named = ({ certificate, issuer, serialNumber, subjectKeyIdentifier }) =>
      certificate ? nameOf(certificate) : [issuer, serialNumber ?? subjectKeyIdentifier].filter(Boolean).join(', ');
    return html`
      <section>
        <h2>${t('details.recipients')}</h2>
        <ul>
          ${recipients.map((one) => html`<li class="break">${named(one)}</li>`)}
        </ul>
      </section>
    `;
  }
}

function reasons(heading, { code, reasons: why }) {
  return html`
    <section data-code=${code} data-reasons=${why.map((one) => one.code).join(' ')}>
      <h2>${t(heading)}: ${words(code)}</h2>
      <p>${sentence({ code })}</p>
      ${why.map((reason) => html`<p>${sentence(reason)}</p>`)}
    </section>
  `;
}

function layerItem(layer) {
  const rows = layer.error ? [] : { signed: signedRows, encrypted: encryptedRows }[layer.kind]?.(layer);
  return html`
    <li>
      <b>${t(`details.layer.${layer.kind}`)}</b>
      ${layer.error ? html`<p>${sentence(layer.error)}</p>` : nothing}
      ${rows?.length ? html`<dl>${rows.map(([label, value]) => html`<dt>${t(label)}</dt><dd>${value}</dd>`)}</dl>` : nothing}
    </li>
  `;
}

function signedRows({ signatures }) {
  return signatures.flatMap(({ algorithm, signer, signingTime, chain }) =>
    [
      ['details.algorithm', algorithm],
      ['details.signer', signer && nameOf(signer)],
      ['details.signing-time', signingTime && formatTime(signingTime)],
      ['details.chain', chain.map((one) => nameOf(one)).join(' → ')],
    ].filter(([, value]) => value),
  );
}

function encryptedRows({ cipher }) {
  return [['details.algorithm', cipher]];
}

customElements.define('security-details', SecurityDetails);
