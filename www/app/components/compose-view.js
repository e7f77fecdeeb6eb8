// Writing a mail. The draft is kept by itself, encrypted to its author, and stays until it is sent or
// discarded.

import { html, nothing } from 'lit';
import { isAddress } from '../addresses.js';
import { DraftKeeper } from '../draft-keeper.js';
import { answerDraft, draftOf, emptyDraft, mustHideSubject } from '../drafting.js';
import { DemoElement } from '../element.js';
import { icons } from '../icons.js';
import { readinessOf } from '../integration/readiness.js';
import { formatList, formatShort, sentence, t } from '../language.js';
import { office } from '../office.js';
import { mailbox } from '../mailbox.js';
import { comparable } from '../people.js';
import { route } from '../route.js';
import { askForCertificates, reportOf, sendDraft } from '../sending.js';
import { base } from '../styles.js';
import { Work } from '../work.js';
import { fileList, notes } from './compose-parts.js';
import { composeStyles } from './compose-styles.js';
import './busy-bar.js';
import './compose-protection.js';
import './recipient-field.js';
import './without-dialog.js';

export class ComposeView extends DemoElement {
  static styles = [base, composeStyles];

  #work = new Work(this);
  #draft;
  /** Who writes, and their mailer; others may be at work meanwhile. */
  #desk;
  #readiness;
  #typing = {};
  #showsMore = false;
  #error;
  #kept;
  #keeper = new DraftKeeper({
    onKept: (kept) => this.#onKept(kept),
    onError: (error) => this.ask('complain', sentence(error)),
  });
  #known = [];
  #revision;

  /** Begins a mail. One that was begun before is kept among the drafts. */
  async begin(fields = {}, { account } = {}) {
    const { person, mailer } = office;
    const own = person.accounts.some(({ address }) => address === account) ? account : person.accounts[0].address;
    await this.#start({ ...emptyDraft(own), ...fields }, { person, mailer });
  }

  /** Begins an answer or a forward. */
  async answer(request) {
    const { person, mailer } = office;
    const draft = await answerDraft(request, { accounts: person.accounts });
    await this.#start({ ...draft, request }, { person, mailer });
  }

  /** Goes on with a draft of the mailbox. */
  async edit(mail) {
    if (this.#draft?.id === mail.id) return;
    const { person, mailer } = office;
    const opened = await office.open(mail);
    if (!opened.view) throw opened.error;
    await this.#start(await draftOf(mail, opened), { person, mailer });
  }

  /** Adds files to the draft. */
  attach(files) {
    if (files.length) this.#change({ files: [...this.#draft.files, ...files] });
  }

  async #start(draft, desk) {
    await this.#keeper.now();
    this.#draft = draft;
    this.#desk = desk;
    this.#readiness = this.#error = this.#kept = undefined;
    this.#typing = {};
    this.#showsMore = draft.cc.length + draft.bcc.length > 0;
    this.#look();
    this.#loadKnown();
    this.requestUpdate();
    await this.updateComplete;
    if (draft.to.length) {
      const textarea = this.renderRoot.querySelector('textarea');
      textarea.setSelectionRange(0, 0);
      setTimeout(() => textarea.focus());
    } else {
      setTimeout(() => this.renderRoot.querySelector('recipient-field').focus());
    }
  }

  willUpdate() {
    // Leaving keeps what was written. A reload begins with nothing.
    if (this.hidden) this.#keeper.now();
    else if (!this.#draft && office.person) this.begin();
    if (office.revision !== this.#revision) {
      this.#revision = office.revision;
      if (this.#draft) this.#look();
    }
  }

  render() {
    if (!this.#draft) return nothing;
    const { subject, text, files, answer } = this.#draft;
    const field = (name) => ({ target }) => this.#change({ [name]: target.value });
    return html`
      <form @submit=${this.#submit} @keydown=${this.#onKey}>
        <header class="row spread">
          <h1>${t(answer ? `answer.${answer.kind}` : 'write.title')}</h1>
          <span class="caption" role="status">
            ${this.#kept ? t(this.#kept.isEncrypted ? 'write.saved' : 'write.saved.clear', { time: this.#kept.time }) : nothing}
          </span>
        </header>
        <div class="fields">
          ${this.#from()} ${this.#recipients('to')}
          ${this.#showsMore
            ? html`${this.#recipients('cc')} ${this.#recipients('bcc')}`
            : html`<button class="plain more" type="button" @click=${this.#showMore}>${t('write.more')}</button>`}
          <label class="line">${t('write.subject')}<input name="subject" autocomplete="off" .value=${subject} @input=${field('subject')}></label>
        </div>
        <textarea aria-label=${t('write.text')} .value=${text} @input=${field('text')}></textarea>
        ${notes(this.#draft, () => this.#quote())}
        ${fileList(files, (file) => this.#change({ files: files.filter((other) => other !== file) }))}
        <compose-protection
          .readiness=${this.#readiness}
          .chosen=${this.#chosen}
          @choose=${({ detail }) => this.#choose(detail)}
          @ask-certificate=${({ detail }) => this.#ask([detail])}
          @import-own=${() => this.ask('pick-files', 'identity')}
          @look-for=${({ detail }) => route.go(['certificates', detail])}
        ></compose-protection>
        ${this.#error ? html`<p class="error" role="alert">${this.#error}</p>` : nothing}
        <busy-bar .state=${this.#work.state} @cancel=${() => this.#work.cancel()}></busy-bar>
        <div class="row">
          <button class="primary" ?disabled=${this.#work.state !== undefined}>${icons.sent}${t('write.send')}</button>
          <button type="button" @click=${() => this.renderRoot.querySelector('input[type=file]').click()}>
            ${icons.clip}${t('write.attach')}
          </button>
          <button class="plain" type="button" @click=${this.#discard}>${icons.trash}${t('write.discard')}</button>
        </div>
        <input type="file" multiple hidden aria-label=${t('write.attach')} @change=${this.#picked}>
      </form>
      <without-dialog></without-dialog>
    `;
  }

  #from() {
    const { accounts } = this.#desk.person;
    if (accounts.length === 1) return nothing;
    return html`
      <label class="line">
        ${t('write.from')}
        <select name="from" @change=${({ target }) => this.#change({ account: target.value })}>
          ${accounts.map(
            ({ address, name }) => html`
              <option value=${address} .selected=${address === this.#draft.account}>${name} &lt;${address}&gt;</option>
            `,
          )}
        </select>
      </label>
    `;
  }

  #recipients(field) {
    return html`
      <div class="line">
        <span aria-hidden="true">${t(`write.${field}`)}</span>
        <recipient-field
          field=${field}
          .people=${this.#draft[field]}
          .readiness=${new Map(this.#readiness?.recipients.map((one) => [comparable(one.address), one]))}
          .known=${this.#known}
          @typing=${({ detail }) => this.#type(field, detail)}
          @people=${({ detail }) => this.#setPeople(field, detail)}
        ></recipient-field>
        ${field === 'bcc' ? html`<span class="caption">${t('write.bcc.hint')}</span>` : nothing}
      </div>
    `;
  }

  /** What will happen: as the user chose, else as the settings say. */
  get #chosen() {
    const { sign, encrypt, hideSubject, answer } = this.#draft;
    const mustEncrypt = answer?.mustEncrypt ?? false;
    return {
      sign: sign ?? this.#readiness?.sign ?? false,
      encrypt: mustEncrypt || (encrypt ?? this.#readiness?.encrypt ?? false),
      hideSubject,
      mustHide: mustHideSubject(answer),
      mustEncrypt,
    };
  }

  #choose(choice) {
    this.#change(choice);
  }

  // What was typed

  #change(change) {
    this.#draft = { ...this.#draft, ...change };
    this.#error = undefined;
    this.requestUpdate();
    if ('account' in change) this.#look();
    this.#keeper.later(this.#draft, this.#desk);
  }

  #setPeople(field, people) {
    this.#typing = {};
    this.#change({ [field]: people });
    this.#look();
  }

  #type(field, people) {
    this.#typing = { [field]: people };
    this.#look();
  }

  /** Who is ready, asked anew whenever somebody comes or goes. */
  #look() {
    this.#looking = this.#lookNow();
  }

  async #lookNow() {
    const draft = this.#draft;
    const people = (field) =>
      [...draft[field], ...(this.#typing[field] ?? [])].filter(({ address }) => isAddress(address)).map(({ address }) => address);
    const question = { from: draft.account, to: people('to'), cc: people('cc'), bcc: people('bcc') };
    this.#asked = question;
    try {
      const readiness = await readinessOf(this.#desk.mailer, question);
      if (question === this.#asked) this.#readiness = readiness;
    } catch (error) {
      this.#error = sentence(error);
    }
    this.requestUpdate();
  }

  #asked;
  #looking;

  async #loadKnown() {
    const { entries } = await this.#desk.mailer.certificates({ authorities: false, limit: 200 });
    const addresses = entries.flatMap(({ addresses }) => addresses);
    this.#known = [...new Set([...addresses, ...office.people.flatMap(({ accounts }) => accounts.map(({ address }) => address))])];
    this.requestUpdate();
  }

  #showMore() {
    this.#showsMore = true;
    this.requestUpdate();
  }

  #picked({ target }) {
    this.attach([...target.files]);
    target.value = '';
  }

  /** Ctrl or Command and Enter send. */
  #onKey(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event);
  }

  async #quote() {
    const { request } = this.#draft;
    const { text, answer } = await answerDraft(request, { accounts: this.#desk.person.accounts, quote: true });
    if (this.#draft.request !== request) return;
    this.#change({ text: this.#draft.text + text, answer });
    this.renderRoot.querySelector('textarea').focus();
  }

  // Keeping

  #onKept({ draft, person, id, isEncrypted, summary }) {
    if (person === office.person) office.noteSummary(id, summary);
    if (draft.key !== this.#draft?.key) return;
    this.#draft = { ...this.#draft, id };
    this.#kept = { isEncrypted, time: formatShort(new Date()) };
    this.requestUpdate();
  }

  async #discard() {
    const draft = this.#draft;
    this.#keeper.stop();
    await this.#drop(draft);
    this.ask('say', t('write.discarded'));
    route.goToFolder({ account: draft.account, folder: 'inbox' }, { replace: true });
  }

  /** A draft that was sent or discarded goes from among the drafts. */
  async #drop(draft) {
    const id = await this.#keeper.idOf(draft);
    if (id !== undefined) await mailbox.remove(id);
    if (draft.key === this.#draft?.key) this.#draft = undefined;
  }

  // Sending

  async #submit(event) {
    event.preventDefault();
    for (const field of this.renderRoot.querySelectorAll('recipient-field')) field.take();
    const { to, cc, bcc } = this.#draft;
    const all = [...to, ...cc, ...bcc];
    const wrong = all.find(({ address }) => !isAddress(address));
    if (!all.length) return this.#say(t('write.need.recipient'));
    if (wrong) return this.#say(t('write.need.address', { address: wrong.address }));
    await this.#send();
  }

  /** @param {'everyone-unencrypted' | 'leave-out'} [without] what the user chose for those who can't read it */
  async #send(without) {
    // What is done is what is shown.
    await this.#looking;
    const { sign, encrypt } = this.#chosen;
    const draft = { ...this.#draft, sign, encrypt };
    const desk = this.#desk;
    this.#keeper.stop();
    try {
      const result = await this.#work.run('write.working.compose', (tools) => sendDraft(draft, { desk, without }, tools));
      await this.#done(draft, result);
    } catch (error) {
      // What was typed last is not kept yet.
      if (draft.key === this.#draft?.key) this.#keeper.later(this.#draft, desk);
      await this.#failed(error, without);
    }
  }

  async #done(draft, result) {
    await this.#drop(draft);
    route.goToFolder({ account: draft.account, folder: 'sent' }, { replace: true });
    const { text, colleague } = reportOf(result);
    const action = colleague && {
      action: t('write.look-there', { name: colleague.name }),
      act: () => this.ask('work-as', colleague),
    };
    this.ask('tell', { text, ...action });
  }

  async #failed(error, without) {
    if (error.code === 'identity/locked') return this.ask('unlock', () => this.#send(without));
    if (error.code === 'refused/no-certificate') return this.#without(error.details.addresses);
    this.#say(error.name === 'AbortError' || error.code === 'aborted' ? t('write.aborted') : sentence(error));
  }

  async #without(addresses) {
    const wanted = new Set(addresses.map(comparable));
    const recipients = this.#readiness.recipients.filter(({ address }) => wanted.has(comparable(address)));
    const { to, cc, bcc } = this.#draft;
    const answer = await this.renderRoot.querySelector('without-dialog').open({
      recipients,
      canLeaveOut: [...to, ...cc, ...bcc].some(({ address }) => !wanted.has(comparable(address))),
      mustEncrypt: this.#chosen.mustEncrypt,
    });
    if (answer === 'ask') await this.#ask(recipients.map(({ address }) => address));
    else if (answer) await this.#send(answer === 'unencrypted' ? 'everyone-unencrypted' : 'leave-out');
  }

  /** Asks for certificates; the draft waits. */
  async #ask(addresses) {
    try {
      await askForCertificates(addresses, { account: this.#draft.account, desk: this.#desk });
      this.ask('say', t('write.asked', { names: formatList(addresses) }));
    } catch (error) {
      if (error.code === 'identity/locked') this.ask('unlock', () => this.#ask(addresses));
      else this.#say(sentence(error));
    }
  }

  #say(error) {
    this.#error = error;
    this.requestUpdate();
  }
}

customElements.define('compose-view', ComposeView);
