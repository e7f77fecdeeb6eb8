// The frame: what is shown, what is dropped on it, which dialogs open, and what the page has to say.

import { html, nothing } from 'lit';
import { DemoElement } from '../element.js';
import { accept, kindOf } from '../files.js';
import { icons } from '../icons.js';
import { sentence, t } from '../language.js';
import { office } from '../office.js';
import { route } from '../route.js';
import { sampleFile } from '../samples.js';
import { base } from '../styles.js';
import { updates } from '../updates.js';
import './app-rail.js';
import './certificate-dialog.js';
import './certificates-page.js';
import './compose-view.js';
import './developers-page.js';
import './drop-zone.js';
import { frameStyles } from './frame-styles.js';
import './import-dialog.js';
import './mail-list.js';
import './mail-view.js';
import './message-bar.js';
import './settings-page.js';
import './unlock-dialog.js';
import './welcome-page.js';

/** Where list and mail don't fit side by side; the same as in the styles below. */
const narrow = '(max-width: 64rem)';

export class DemoApp extends DemoElement {
  static styles = [base, frameStyles];

  #isReady = false;
  #isMenuOpen = false;

  connectedCallback() {
    super.connectedCallback();
    route.addEventListener('change', this.#moved);
    office.addEventListener('locked', () => this.#say(t('app.locked')));
    office.addEventListener('shared-changed', ({ detail }) =>
      this.#say(t(detail.isMember ? 'shared.accepted' : 'shared.lost', { account: detail.account })),
    );
    office.addEventListener('shared-claimed', ({ detail }) =>
      this.#tell({ text: t('shared.claim', { account: detail }), action: t('shared.claim.look'), act: () => route.go(['settings']), stays: true }),
    );
    office.addEventListener('failed', ({ detail }) => this.#complain(sentence(detail)));
    office.addEventListener('blocked', () => this.#complain(sentence({ code: 'store/blocked' })));
    office.addEventListener('versionchange', () => this.#complain(t('app.newer')));
    updates.addEventListener('found', () => {
      this.#tell({ text: t('app.update'), action: t('app.update.do'), act: () => updates.apply(), stays: true });
    });
    this.#start();
  }

  async #start() {
    const open = async (work) => {
      try {
        await work();
      } catch (error) {
        this.#complain(sentence(error));
        reportError(error);
      }
    };
    await open(() => office.start());
    this.#isReady = true;
    this.requestUpdate();
    await open(() => office.ready);
    for (const problem of office.mailer?.problems ?? []) {
      // That the browser may clear the database is on the settings page; here it would only be in the way.
      if (problem.code !== 'store/not-persistent') this.#complain(sentence(problem));
    }
  }

  #moved = () => {
    this.#isMenuOpen = false;
    this.requestUpdate();
  };

  render() {
    const isWelcome = this.#isReady && !office.person;
    this.classList.toggle('welcome', isWelcome);
    document.title = this.#title();
    return html`
      ${isWelcome ? this.#welcome() : this.#frame()}
      <drop-zone @files=${({ detail }) => this.#take(detail)}></drop-zone>
      <input id="pick" type="file" multiple aria-label=${t('list.open')} @change=${({ target }) => this.#picked(target)}>
      <import-dialog
        @say=${this.#onSay}
        @imported=${() => route.go(['certificates'])}
      ></import-dialog>
      <unlock-dialog></unlock-dialog>
      <certificate-dialog @say=${this.#onSay} @complain=${this.#onComplain} @unlock=${this.#onUnlock}></certificate-dialog>
      <message-bar></message-bar>
    `;
  }

  #title() {
    const { view, folder } = this.#place;
    if (!office.person) return t('app.title');
    const name = { mail: () => t(`folder.${folder}`), write: () => t('app.compose') }[view] ?? (() => t(`app.${view}`));
    const unread = office.mails.filter((mail) => mail.folder === 'inbox' && !mail.isRead).length;
    return `${unread ? `(${unread}) ` : ''}${name()} – ${t('app.title')}`;
  }

  #welcome() {
    return html`<welcome-page @complain=${this.#onComplain} @begun=${() => route.go([])}></welcome-page>`;
  }

  #frame() {
    const { view, mail } = this.#place;
    return html`
      <button class="skip" type="button" @click=${() => this.renderRoot.querySelector('main').focus()}>${t('app.skip')}</button>
      <header class="top">
        <button
          class="plain icon"
          type="button"
          aria-label=${t('app.menu')}
          aria-expanded=${this.#isMenuOpen}
          @click=${() => this.#menu(true)}
        >
          ${icons.menu}
        </button>
        <b>${mail ? t(`folder.${this.#place.folder}`) : t('app.title')}</b>
        <button class="plain icon" type="button" aria-label=${t('app.compose')} @click=${() => this.#compose()}>
          ${icons.pen}
        </button>
      </header>
      ${this.#isReady
        ? html`
            <app-rail
              role="region"
              aria-label=${t('app.rail')}
              ?open=${this.#isMenuOpen}
              .place=${this.#place}
              @compose=${() => this.#compose()}
              @unlock=${this.#onUnlock}
              @work-as=${({ detail }) => this.#workAs(detail)}
              @close=${() => this.#menu(false)}
              @keydown=${({ key }) => key === 'Escape' && this.#menu(false)}
            ></app-rail>
          `
        : nothing}
      ${this.#isMenuOpen ? html`<div class="shade" @click=${() => this.#menu(false)}></div>` : nothing}
      <main
        id="main"
        tabindex="-1"
        ?inert=${this.#isMenuOpen}
        class="${view} ${mail ? 'reading' : ''}"
        @answer=${({ detail }) => this.#answer(detail)}
        @compose=${({ detail }) => this.#compose(detail)}
        @edit-draft=${({ detail }) => this.#edit(detail)}
        @remove-mail=${({ detail }) => this.#remove(detail)}
        @open-mail=${({ detail }) => this.#openMail(detail)}
        @pick-files=${({ detail }) => this.#pick(detail)}
        @look-at=${({ detail }) => this.#dialog('certificate').open(detail)}
        @take-in=${({ detail }) => this.#takeIn(detail)}
        @unlock=${this.#onUnlock}
        @tell=${({ detail }) => this.#tell(detail)}
        @work-as=${({ detail }) => this.#workAs(detail)}
        @say=${this.#onSay}
        @complain=${this.#onComplain}
      >
        ${this.#isReady ? this.#main() : html`<p class="loading" role="status">${t('app.loading')}</p>`}
      </main>
    `;
  }

  #main() {
    const { view, id } = this.#place;
    const mail =
      view === 'mail'
        ? html`<mail-list .place=${this.#place}></mail-list><mail-view .mail=${this.#mail} ?empty=${!office.mailsIn(this.#place).length}></mail-view>`
        : nothing;
    if (!office.mailer) return view === 'mail' ? mail : html`<p class="loading" role="status">${t('app.loading')}</p>`;
    return html`
      ${mail}
      ${view === 'certificates' ? html`<certificates-page .chosen=${id}></certificates-page>` : nothing}
      ${view === 'settings' ? html`<settings-page></settings-page>` : nothing}
      ${view === 'developers' ? html`<developers-page .chosen=${id}></developers-page>` : nothing}
      <compose-view ?hidden=${view !== 'write'}></compose-view>
    `;
  }

  /** Where one is, with the inbox where the address names no place of the person's. */
  get #place() {
    const { place } = route;
    const accounts = office.person?.accounts ?? [];
    if (place.view !== 'mail') return place;
    const account = accounts.find(({ address }) => address === place.account) ?? accounts[0];
    const isFolder = ['inbox', 'drafts', 'sent', 'trash'].includes(place.folder) && account?.address === place.account;
    return isFolder ? place : { view: 'mail', account: account?.address, folder: 'inbox' };
  }

  get #mail() {
    const { account, folder, mail } = this.#place;
    return office.mailsIn({ account, folder }).find(({ id }) => id === mail);
  }

  async updated() {
    // On a small screen only one of list and mail is to be seen: the focus goes along.
    const { mail } = this.#place;
    if (mail === this.#shown || !matchMedia(narrow).matches) return;
    const before = this.#shown;
    this.#shown = mail;
    const [list, view] = ['mail-list', 'mail-view'].map((name) => this.renderRoot.querySelector(name));
    await view?.updateComplete;
    if (mail) view?.focus();
    else if (before) list?.focusOn(before);
  }

  #shown;

  /** The focus goes into the menu, and back to the button that opened it. */
  async #menu(isOpen) {
    if (isOpen === this.#isMenuOpen) return;
    this.#isMenuOpen = isOpen;
    this.requestUpdate();
    await this.updateComplete;
    if (isOpen) this.renderRoot.querySelector('app-rail').focus();
    else this.renderRoot.querySelector('.top button').focus();
  }

  async #workAs(person) {
    try {
      await office.switchTo(person);
      if (this.#place.view === 'write' || route.place.view === 'mail') {
        route.goToFolder({ account: person.accounts[0].address, folder: 'inbox' });
      }
    } catch (error) {
      this.#complain(sentence(error));
    }
  }

  // Writing

  async #compose(draft) {
    await this.#composer.begin(draft, { account: this.#place.account });
    route.go(['write']);
  }

  async #answer(request) {
    try {
      await this.#composer.answer(request);
      route.go(['write']);
    } catch (error) {
      this.#complain(sentence(error));
    }
  }

  async #edit(mail) {
    try {
      await this.#composer.edit(mail);
      route.go(['write']);
    } catch (error) {
      this.#complain(sentence(error));
    }
  }

  get #composer() {
    return this.renderRoot.querySelector('compose-view');
  }

  // Mails

  async #remove(mail) {
    const place = { account: mail.account, folder: mail.folder };
    const undo = await office.remove(mail);
    const text = t(mail.folder === 'trash' ? 'list.removed.for-good' : 'list.removed');
    if (this.#place.mail === mail.id) route.goToFolder(place, { replace: true });
    this.#tell({ text, action: t('app.undo'), act: undo });
  }

  /** A mail that came in another way: a file, an attachment. */
  async #openMail({ source, links = true }) {
    const account = this.#place.account ?? office.person.accounts[0].address;
    const id = await office.receive(source, { account, links });
    route.goToMail({ account, folder: 'inbox', id });
  }

  // Files: dropped, or picked in a dialog

  #pick(what) {
    const input = this.renderRoot.querySelector('#pick');
    input.accept = accept[what];
    input.click();
  }

  async #picked(input) {
    const files = [...input.files];
    input.value = '';
    await this.#take(files);
  }

  /** Does with each file what its kind asks for. Files dropped on a draft are attached to it. */
  async #take(files) {
    if (!office.person) return;
    const kinds = await Promise.all(files.map(kindOf));
    const keys = files.filter((_, at) => kinds[at] === 'key');
    const isWriting = this.#place.view === 'write';
    if (isWriting) {
      this.#composer.attach(files.filter((_, at) => kinds[at] !== 'certificate'));
    } else if (keys.length) {
      await this.#dialog('import').open(keys);
    }
    for (const [at, file] of files.entries()) await this.#takeOne(file, kinds[at], isWriting);
  }

  async #takeOne(file, kind, isWriting) {
    try {
      if (kind === 'certificate') await this.#dialog('certificate').take(file);
      else if (isWriting || kind === 'key') return;
      else if (kind === 'mail') await this.#openMail({ source: file });
      else this.#complain(t('app.unknown-file', { name: file.name }));
    } catch (error) {
      this.#complain(`${file.name}: ${sentence(error)}`);
    }
  }

  /** A certificate that comes with the samples. */
  async #takeIn(name) {
    await this.#takeOne(await sampleFile(name), 'certificate');
  }

  // Messages

  #onSay = ({ detail }) => this.#say(detail);

  #onComplain = ({ detail }) => this.#complain(detail);

  /** With what is to be done once something is unlocked. */
  #onUnlock = async ({ detail }) => {
    if (await this.#dialog('unlock').open()) detail?.();
  };

  #say(text) {
    this.#tell({ text });
  }

  /** Errors stay until they are dismissed. */
  #complain(text) {
    this.#tell({ text, isBad: true, stays: true });
  }

  #tell(message) {
    this.renderRoot.querySelector('message-bar').tell(message);
  }

  #dialog(name) {
    return this.renderRoot.querySelector(`${name}-dialog`);
  }
}

customElements.define('demo-app', DemoApp);
