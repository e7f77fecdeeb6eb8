// The verdict on a mail: signature and encryption as two separate answers, each with its reasons in
// sentences, and the details behind them.

import { css, html, nothing } from 'lit';
import { nameOf } from '../certificates.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { formatTime, sentence, t } from '../language.js';
import { base } from '../styles.js';
import './certificate-facts.js';

/** What a problem is about, by its code or the first word of that; the others are about the signature. */
const about = {
  cipher: 'encryption',
  decrypt: 'encryption',
  'layer/encrypted-part': 'encryption',
  diagnosis: 'way',
  header: 'header',
  mime: 'way',
  view: 'way',
};

export class MailVerdict extends DemoElement {
  static properties = { opened: { attribute: false } };

  static styles = [
    base,
    css`
      section {
        border-radius: 0.7rem;
        border: 1px solid var(--line);
        overflow: hidden;
      }

      .answer {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 0.7rem;
        padding: 0.7rem 0.95rem;
      }

      .answer + .answer {
        border-top: 1px solid var(--line);
      }

      .answer > svg {
        width: 1.5rem;
        height: 1.5rem;
      }

      .answer > div {
        min-width: 0;
      }

      .headline {
        font-weight: 650;
      }

      .answer li,
      .answer p:not(.headline) {
        font-size: 0.93rem;
      }

      .good {
        background: var(--good-soft);
      }

      .good > svg,
      .good .headline {
        color: var(--good);
      }

      .warn {
        background: var(--warn-soft);
      }

      .warn > svg,
      .warn .headline {
        color: var(--warn);
      }

      .bad {
        background: var(--bad-soft);
      }

      .bad > svg,
      .bad .headline {
        color: var(--bad);
      }

      .neutral > svg {
        color: var(--muted);
      }

      details {
        border-top: 1px solid var(--line);
      }

      summary {
        padding: 0.5rem 0.95rem;
        cursor: pointer;
        color: var(--muted);
        font-size: 0.93rem;
      }

      .layers {
        padding: 0.1rem 0.95rem 0.9rem;
      }

      h3 + .chain,
      .facts + h3 {
        margin-top: 0.5rem;
      }

      .facts {
        display: grid;
        grid-template-columns: 11rem 1fr;
        gap: 0.15rem 0.9rem;
        font-size: 0.9rem;
      }

      dt {
        color: var(--muted);
      }

      dd {
        min-width: 0;
        overflow-wrap: anywhere;
      }

      .chain > li + li {
        margin-top: 0.5rem;
      }

      @media (max-width: 40rem) {
        .facts {
          grid-template-columns: 1fr;
        }

        .facts dd {
          margin-bottom: 0.4rem;
        }
      }
    `,
  ];

  render() {
    const { status, encryption, layers } = this.opened;
    return html`
      <section
        aria-label=${t('verdict.label')}
        data-status=${status ?? 'unknown'}
        data-encryption=${encryption}
        data-problems=${this.opened.problems.map(({ code }) => code).join(' ')}
      >
        ${this.#signature()} ${this.#encryption()} ${this.#notes('header')} ${this.#notes('way')}
        ${layers.length ? this.#details() : nothing}
      </section>
    `;
  }

  #signature() {
    const { status, signatures, problems, encryption, error } = this.opened;
    const [look, icon] = {
      verified: ['good', icons.verified],
      unverified: ['warn', icons.unverified],
      failed: ['bad', icons.failed],
      unsigned: ['neutral', icons.unsigned],
    }[status] ?? ['neutral', icons.locked];
    const signer = signatures[0]?.signer;
    const values = signer ? { name: nameOf(signer), address: signer.addresses.join(', ') } : {};
    const reasons = sentences(problems.filter(({ code }) => axis(code) === 'signature'));
    if (['verified', 'failed', 'unsigned'].includes(status)) {
      reasons.push(t(`signature.${status}.reason`, values));
    }
    if (error && encryption !== 'locked') reasons.push(sentence(error));
    return answer(look, icon, t(`signature.${status ?? 'locked'}`, values), reasons);
  }

  #encryption() {
    const { encryption, problems, error } = this.opened;
    const look = { weak: 'warn', locked: 'warn' }[encryption] ?? 'neutral';
    const icon = encryption === 'none' ? icons.unencrypted : icons.lock;
    const reasons = sentences(problems.filter(({ code }) => axis(code) === 'encryption'));
    if (encryption === 'locked') reasons.push(sentence(error));
    return answer(look, icon, t(`encryption.${encryption}`), reasons);
  }

  /** What else there is to say, where there is something. */
  #notes(about) {
    const reasons = sentences(this.opened.problems.filter(({ code }) => axis(code) === about));
    return reasons.length ? answer('neutral', icons.info, t(`notes.${about}`), reasons) : nothing;
  }

  #details() {
    return html`
      <details>
        <summary>${t('verdict.details')}</summary>
        <div class="layers stack">
          ${this.opened.layers.map((layer) => layerOf(layer))}
        </div>
      </details>
    `;
  }
}

function answer(look, icon, headline, reasons) {
  return html`
    <div class="answer ${look}">
      ${icon}
      <div>
        <p class="headline">${headline}</p>
        ${reasons.length === 1
          ? html`<p>${reasons[0]}</p>`
          : html`<ul>
              ${reasons.map((reason) => html`<li>${reason}</li>`)}
            </ul>`}
      </div>
    </div>
  `;
}

/** Each sentence once: several layers may have the same to say. */
function sentences(problems) {
  return [...new Set(problems.map(sentence))];
}

function axis(code) {
  return about[code] ?? about[code.split('/')[0]] ?? 'signature';
}

function layerOf(layer) {
  if (layer.kind === 'signed') return signedLayer(layer);
  return layer.kind === 'encrypted' ? encryptedLayer(layer) : nothing;
}

function encryptedLayer({ cipher, decryptedWith, problems = [] }) {
  return html`
    <div>
      <h3>${t('detail.layer.encrypted')}</h3>
      <dl class="facts">
        ${fact('detail.cipher', cipher)} ${fact('detail.decrypted-with', decryptedWith && nameOf(decryptedWith.certificate))}
        ${codes(problems)}
      </dl>
    </div>
  `;
}

function signedLayer({ signatures }) {
  return html`
    ${signatures.map(
      (signature) => html`
        <div>
          <h3>${t('detail.layer.signed')}</h3>
          <dl class="facts">
            ${fact('detail.signer', signature.signer && nameOf(signature.signer))}
            ${['integrity', 'trust', 'author', 'revocation'].map((axisName) =>
              fact(`detail.${axisName}`, t(`detail.${axisName}.${signature[axisName]}`)),
            )}
            ${fact('detail.signing-time', signature.signingTime && formatTime(signature.signingTime))}
            ${fact('detail.algorithm', signature.algorithm)} ${codes(signature.problems)}
          </dl>
          ${signature.chain.length
            ? html`<h3>${t('detail.chain')}</h3>
                <ul class="chain">
                  ${signature.chain.map(
                    (certificate) => html`<li><certificate-facts .certificate=${certificate}></certificate-facts></li>`,
                  )}
                </ul>`
            : nothing}
        </div>
      `,
    )}
  `;
}

function codes(problems) {
  return problems.map(({ code, details }) => {
    const evidence = Object.entries(details).map(([name, value]) => `${name}: ${value instanceof Date ? formatTime(value) : value}`);
    return html`<dt><code>${code}</code></dt>
      <dd>${evidence.join('; ') || '–'}</dd>`;
  });
}

function fact(label, value) {
  return value ? html`<dt>${t(label)}</dt><dd>${value}</dd>` : nothing;
}

customElements.define('mail-verdict', MailVerdict);
