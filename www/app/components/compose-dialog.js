// Writing a mail. The draft stays until it is saved or discarded, also while the dialog is closed.

import { css, html, nothing } from 'lit';
import { isAddress, nameOf, readiness } from '../certificates.js';
import { answer, parseAddresses, typedAddresses, whyNotQuoted, writeMail } from '../compose.js';
import { DemoElement } from '../element.js';
import { fileName, save } from '../files.js';
import { icons } from '../icons.js';
import { formatDate, formatSize, formatTime, sentence, t } from '../language.js';
import { session } from '../session.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import './busy-bar.js';
import './modal-dialog.js';
import './unlock-dialog.js';

/** `answer` is there in the draft of an answer or a forward: what `replyTo` and `forward` say must hold. */
const empty = () => ({
  to: '',
  cc: '',
  bcc: '',
  subject: '',
  text: '',
  attachments: [],
  sign: true,
  encrypt: true,
  hideSubject: false,
  answer: undefined,
});

export class ComposeDialog extends DemoElement {
  static styles = [
    base,
    css`
      .line {
        display: grid;
        grid-template-columns: 5.5rem 1fr;
        align-items: center;
        gap: 0.15rem 0.5rem;
      }

      .line .caption {
        grid-column: 2;
      }

      .stack {
        gap: 0.6rem;
      }

      textarea {
        min-height: 9rem;
        resize: vertical;
      }

      fieldset {
        display: grid;
        gap: 0.3rem;
        margin: 0;
        padding: 0.5rem 0.9rem 0.8rem;
        border: 1px solid var(--line);
        border-radius: 0.7rem;
        min-width: 0;
      }

      legend {
        padding: 0 0.4rem;
        color: var(--muted);
      }

      .checks {
        gap: 0.2rem 1.6rem;
      }

      .readiness {
        display: grid;
        gap: 0.2rem;
        font-size: 0.93rem;
      }

      .readiness li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.5rem;
        overflow-wrap: anywhere;
      }

      .readiness svg {
        margin-top: 0.15rem;
      }

      .ready svg {
        color: var(--good);
      }

      .not-ready svg {
        color: var(--warn);
      }

      .attachments li {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-width: 0;
      }

      .attachments .name {
        overflow-wrap: anywhere;
      }

      input[type='file'] {
        display: none;
      }
    `,
  ];

  #work = new Work(this);
  #draft = empty();
  #error;

  open() {
    this.#dialog.open();
  }

  get isOpen() {
    return this.#dialog.isOpen;
  }

  /**
   * Begins an answer or a forward, unless there is a draft already, which is shown instead.
   *
   * @param {{ kind: 'reply' | 'reply-all' | 'forward', opened: Answerable, summary: Summary }} request
   * @returns {Promise<boolean>} whether it was begun
   */
  async answer({ kind, opened, summary }) {
    const isFree = isEmpty(this.#draft);
    if (isFree) {
      // Of all that could write here the one answers to whom the mail went.
      const all = senders();
      const asked = [...summary.to, ...summary.cc].map(({ address }) => address.toLowerCase());
      const mine = all.filter(({ address }) => asked.includes(address.toLowerCase()));
      const own = (mine.length ? mine : all).map(({ address }) => address);
      const values = { name: typedAddresses(summary.from), date: summary.date ? formatTime(summary.date) : '' };
      const attribution = t(kind === 'forward' ? 'answer.forwarded' : 'answer.wrote', values);
      const request = { kind, opened, own, attribution };
      const { to, cc, subject, text, attachments, ...rest } = await answer(request);
      this.#change({
        ...empty(),
        from: mine[0]?.key,
        to: typedAddresses(to),
        cc: typedAddresses(cc),
        subject,
        text: quoted(text),
        attachments,
        encrypt: rest.mustEncrypt,
        hideSubject: rest.protectHeaders !== undefined,
        answer: { ...rest, kind, request },
      });
    }
    this.open();
    return isFree;
  }

  /** Adds files to the draft. */
  attach(files) {
    this.#change({ attachments: [...this.#draft.attachments, ...files] });
  }

  render() {
    const { subject, text, to, cc, bcc, answer } = this.#draft;
    const field = (name) => ({ target }) => this.#change({ [name]: target.value });
    return html`
      <modal-dialog wide heading=${t(answer ? `answer.${answer.kind}` : 'compose.title')} @close=${() => this.#work.cancel()}>
        <form class="stack" @submit=${this.#submit}>
          ${this.#fromField()}
          <div class="line">
            <label for="to">${t('compose.to')}</label>
            <input
              id="to"
              name="to"
              autocomplete="email"
              autofocus
              .value=${to}
              aria-describedby="addresses-hint"
              @input=${field('to')}
            >
            <span id="addresses-hint" class="caption">${t('compose.addresses.hint')}</span>
          </div>
          <label class="line">
            ${t('compose.cc')}
            <input name="cc" autocomplete="email" .value=${cc} @input=${field('cc')}>
          </label>
          <div class="line">
            <label for="bcc">${t('compose.bcc')}</label>
            <input
              id="bcc"
              name="bcc"
              autocomplete="email"
              .value=${bcc}
              aria-describedby="bcc-hint"
              @input=${field('bcc')}
            >
            <span id="bcc-hint" class="caption">${t('compose.bcc.hint')}</span>
          </div>
          <label class="line">
            ${t('compose.subject')}
            <input name="subject" .value=${subject} @input=${field('subject')}>
          </label>
          <label class="field">
            ${t('compose.text')}
            <textarea name="text" .value=${text} @input=${field('text')}></textarea>
          </label>
          ${this.#notes()}
          ${this.#attachments()} ${this.#protection()}
          ${this.#error ? html`<p class="error" role="alert">${this.#error}</p>` : nothing}
          <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
          <div class="row">
            <button class="primary" ?disabled=${this.#work.state !== undefined || !senders().length}>
              ${icons.save}${t('compose.save')}
            </button>
            <button class="plain" type="button" @click=${this.#discard}>${t('compose.discard')}</button>
          </div>
        </form>
      </modal-dialog>
      <unlock-dialog></unlock-dialog>
    `;
  }

  #notes() {
    const { answer } = this.#draft;
    if (!answer?.problems.length) return nothing;
    const reason = whyNotQuoted(answer);
    return html`
      <ul class="caption" aria-label=${t('answer.notes')}>
        ${answer.problems.map((problem) => html`<li>${sentence(problem)}</li>`)}
      </ul>
      ${reason
        ? html`
            <div class="row">
              <span id="quote-hint" class="caption">${t(`answer.quote.${reason}`)}</span>
              <button type="button" aria-describedby="quote-hint" @click=${this.#quote}>${t('answer.quote')}</button>
            </div>
          `
        : nothing}
    `;
  }

  /** Adds the text to what is written already; nothing else of the draft changes. */
  async #quote() {
    const asked = this.#draft.answer;
    try {
      const { text, problems } = await answer({ ...asked.request, quote: true });
      // It may have been discarded meanwhile.
      if (this.#draft.answer !== asked) return;
      this.#change({ text: this.#draft.text + quoted(text), answer: { ...asked, problems } });
      this.renderRoot.querySelector('textarea').focus();
    } catch (error) {
      this.#say(sentence(error));
    }
  }

  #fromField() {
    const choices = senders();
    if (!choices.length) return html`<p class="caption">${t('compose.from.none')}</p>`;
    return html`
      <label class="line">
        ${t('compose.from')}
        <select name="from" @change=${({ target }) => this.#change({ from: target.value })}>
          ${choices.map(
            ({ key, label }) => html`<option value=${key} ?selected=${key === this.#draft.from}>${label}</option>`,
          )}
        </select>
      </label>
    `;
  }

  #attachments() {
    return html`
      <div>
        <ul class="attachments" aria-label=${t('compose.attachments')} ?hidden=${!this.#draft.attachments.length}>
          ${this.#draft.attachments.map(
            (file) => html`
              <li>
                ${icons.clip}<span class="name">${file.name}</span>
                <span class="caption">${formatSize(file.size)}</span>
                <button
                  class="plain icon"
                  type="button"
                  aria-label=${t('compose.detach', { name: file.name })}
                  @click=${() => this.#detach(file)}
                >
                  ${icons.close}
                </button>
              </li>
            `,
          )}
        </ul>
        <input type="file" multiple aria-label=${t('compose.attach')} @change=${this.#picked}>
        <button type="button" @click=${() => this.renderRoot.querySelector('input[type=file]').click()}>
          ${icons.clip}${t('compose.attach')}
        </button>
      </div>
    `;
  }

  #protection() {
    const { sign, encrypt, hideSubject, answer } = this.#draft;
    const check = (name, checked, fixed = false) => html`
      <label class="check">
        <input
          type="checkbox"
          name=${name}
          .checked=${checked}
          ?disabled=${fixed}
          @change=${({ target }) => this.#change({ [name]: target.checked })}
        >
        ${t(`compose.check.${name.toLowerCase()}`)}
      </label>
    `;
    return html`
      <fieldset>
        <legend>${t('compose.protection')}</legend>
        <div class="row checks">
          ${check('sign', sign)} ${check('encrypt', encrypt, answer?.mustEncrypt)}
          ${encrypt ? check('hideSubject', hideSubject, answer?.protectHeaders !== undefined) : nothing}
        </div>
        ${answer?.mustEncrypt ? html`<p class="caption">${t('answer.must-encrypt')}</p>` : nothing}
        ${encrypt
          ? html`
              <ul class="readiness" aria-label=${t('compose.readiness')} aria-live="polite">
                ${this.#readiness().map(readinessRow)}
              </ul>
              <p class="caption">${t(hideSubject ? 'compose.subject.hidden' : 'compose.subject.visible')}</p>
            `
          : nothing}
      </fieldset>
    `;
  }

  /** One row for each recipient, and one for the sender, who wants to read the mail later. */
  #readiness() {
    const typed = ['to', 'cc', 'bcc'].flatMap((field) => parseAddresses(this.#draft[field]));
    const addresses = [...new Set(typed.map(({ address }) => address))];
    const sender = this.#sender;
    const own = sender && {
      ...readiness(sender.address, [sender.entry.certificate]),
      address: sender.address,
      self: true,
    };
    const others = addresses
      .filter((address) => address !== sender?.address)
      .map((address) => readiness(address, session.certificatesOf(address)));
    return own ? [...others, own] : others;
  }

  get #sender() {
    const choices = senders();
    return choices.find(({ key }) => key === this.#draft.from) ?? choices[0];
  }

  #picked({ target }) {
    this.attach(target.files);
    target.value = '';
  }

  #detach(file) {
    this.#change({ attachments: this.#draft.attachments.filter((other) => other !== file) });
  }

  #change(change) {
    this.#draft = { ...this.#draft, ...change };
    this.#say(undefined);
  }

  #discard() {
    this.#change(empty());
    this.#dialog.close();
  }

  async #submit(event) {
    event.preventDefault();
    const { subject, text, attachments, sign, encrypt, hideSubject, answer } = this.#draft;
    const [to, cc, bcc] = ['to', 'cc', 'bcc'].map((field) => parseAddresses(this.#draft[field]));
    const rows = encrypt ? this.#readiness() : undefined;
    const obstacle = whyNot([...to, ...cc, ...bcc], rows);
    if (obstacle) return this.#say(obstacle);

    const chosen = this.#sender.entry;
    if (sign && !chosen.identity) await this.#unlockDialog.open(chosen);
    const { address, entry } = this.#sender;
    if (sign && !entry.identity) return this.#say(sentence({ code: 'identity/locked' }));

    try {
      await this.#work.run('compose.working.compose', async (tools) => {
        const { copies, kept } = await writeMail(
          {
            from: { name: nameOf(entry.certificate), address },
            to,
            cc,
            bcc,
            subject,
            text,
            attachments,
            headers: answer?.headers,
            protection: {
              signers: sign ? [entry.identity] : undefined,
              recipients: rows?.map(({ certificate }) => certificate),
              own: encrypt ? [entry.certificate] : undefined,
              protectHeaders: encrypt ? (answer?.protectHeaders ?? (hideSubject ? 'baseline' : undefined)) : undefined,
              confidentialHeaders: encrypt ? answer?.confidentialHeaders : undefined,
              mustEncrypt: answer?.mustEncrypt,
            },
          },
          tools,
        );
        const mail = await session.addMail(kept, 'written', { copies });
        tools.signal.throwIfAborted();
        save(copies[0].source, fileName(subject, 'eml'));
        this.#discard();
        this.ask('select-mail', mail);
        this.ask('say', t(copies.length > 1 ? 'compose.done.copies' : 'compose.done', { count: copies.length }));
      });
    } catch (error) {
      session.noteError(error);
      this.#say(error.name === 'AbortError' || error.code === 'aborted' ? t('compose.aborted') : sentence(error));
    }
  }

  #say(error) {
    this.#error = error;
    this.requestUpdate();
  }

  get #dialog() {
    return this.renderRoot.querySelector('modal-dialog');
  }

  get #unlockDialog() {
    return this.renderRoot.querySelector('unlock-dialog');
  }
}

/** Every address of every identity is somebody to write as. */
function senders() {
  return session.identities.flatMap((entry) =>
    entry.certificate.addresses.map((address) => {
      const name = `${nameOf(entry.certificate)} <${address}>`;
      return {
        key: `${address} ${entry.certificate.fingerprint}`,
        label: entry.identity ? name : t('compose.locked', { name }),
        address,
        entry,
      };
    }),
  );
}

/** The first thing that keeps a mail from being written, in words. */
function whyNot(people, rows) {
  const wrong = people.find(({ address }) => !isAddress(address));
  if (wrong) return t('compose.need.address', wrong);
  if (!people.length) return t('compose.need.recipient');
  return rows?.some(({ reason }) => reason) ? t('compose.need.certificates') : undefined;
}

/** What follows what somebody writes. */
function quoted(text) {
  return text && `\n\n${text.replaceAll('\r\n', '\n')}`;
}

/** Whether nothing was written yet. */
function isEmpty({ to, cc, bcc, subject, text, attachments }) {
  return !attachments.length && ![to, cc, bcc, subject, text].some((value) => value.trim());
}

function readinessRow({ address, certificate, reason, date, self }) {
  const text = reason
    ? t(`compose.not-ready.${self && reason === 'usage' ? 'sender' : reason}`, { date: date && formatDate(date) })
    : self
      ? t('compose.ready.self')
      : t('compose.ready', { date: formatDate(certificate.notAfter) });
  return html`
    <li class=${reason ? 'not-ready' : 'ready'} data-reason=${reason ?? 'ready'}>
      ${reason ? icons.unverified : icons.check}
      <span>${address}: ${text}</span>
    </li>
  `;
}

customElements.define('compose-dialog', ComposeDialog);
