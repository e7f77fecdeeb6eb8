// Parts of the page for writing: what is to be said of an answer, and the files.

import { html, nothing } from 'lit';
import { whyNotQuoted } from '../drafting.js';
import { icons } from '../icons.js';
import { formatSize, sentence, t } from '../language.js';

/** What was left out of an answer, and why; `quote` puts the text in where the user may decide that. */
export function notes({ answer, request }, quote) {
  if (!answer?.problems.length) return nothing;
  const reason = request && whyNotQuoted(answer);
  return html`
    <ul class="caption notes" aria-label=${t('answer.notes')}>
      ${answer.problems.map((problem) => html`<li>${sentence(problem)}</li>`)}
      ${reason
        ? html`<li class="row">
            <span id="quote-hint">${t(`answer.quote.${reason}`)}</span>
            <button type="button" aria-describedby="quote-hint" @click=${quote}>${t('answer.quote')}</button>
          </li>`
        : nothing}
    </ul>
  `;
}

export function fileList(files, remove) {
  if (!files.length) return nothing;
  const item = (file) => html`
    <li>
      ${icons.clip}<span class="name">${file.name}</span><span class="caption">${formatSize(file.size)}</span>
      <button class="plain icon" type="button" aria-label=${t('write.detach', { name: file.name })} @click=${() => remove(file)}>
        ${icons.close}
      </button>
    </li>
  `;
  return html`<ul class="files" aria-label=${t('write.attachments')}>${files.map(item)}</ul>`;
}
