// The icons, drawn on a grid of 24. They decorate: what they mean is always said in words as well.

import { svg } from 'lit';

const icon = (paths) => svg`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

export const icons = {
  mail: icon(svg`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>`),
  lock: icon(svg`<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.500V8a4 4 0 0 1 8 0v2.5"/>`),
  unlock: icon(svg`<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.500V8a4 4 0 0 1 7.5-2"/>`),
  unencrypted: icon(svg`<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.500V8a4 4 0 0 1 7.5-2"/><path d="m4 4 16 16"/>`),
  verified: icon(svg`<path d="m12 3 2.3 1.8 2.9-.2.8 2.8 2.4 1.7-1 2.7 1 2.7-2.4 1.7-.8 2.8-2.9-.2L12 21l-2.3-1.8-2.9.2-.8-2.8-2.4-1.7 1-2.7-1-2.700L6 7.800l.8-2.8 2.9.2z"/><path d="m8.8 12 2.2 2.2 4.2-4.4"/>`),
  unverified: icon(svg`<path d="M12 4 2.8 19.500h18.400z"/><path d="M12 10v4.5"/><path d="M12 17.200v.1"/>`),
  failed: icon(svg`<path d="M8.2 3h7.600L21 8.200v7.600L15.8 21H8.200L3 15.800V8.200z"/><path d="m9 9 6 6m0-6-6 6"/>`),
  unsigned: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M8.5 12h7"/>`),
  locked: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5.500l3 2"/>`),
  info: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5"/><path d="M12 7.600v.1"/>`),
  clip: icon(svg`<path d="m20 11.5-8 8a5 5 0 0 1-7-7l8.5-8.500a3.4 3.4 0 0 1 4.8 4.800L10 17a1.7 1.7 0 0 1-2.4-2.400l7.4-7.3"/>`),
  pen: icon(svg`<path d="m4 20 1-4.500L16.5 4a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.500L8.5 19z"/>`),
  folder: icon(svg`<path d="M3 7a2 2 0 0 1 2-2h4l2 2.500h8a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>`),
  save: icon(svg`<path d="M12 4v11m-4.5-4 4.5 4.5 4.5-4.500M5 20h14"/>`),
  back: icon(svg`<path d="m14.5 5-7 7 7 7"/>`),
  reply: icon(svg`<path d="m9 6-5 5 5 5M4 11h9a7 7 0 0 1 7 7v1"/>`),
  replyAll: icon(svg`<path d="m12 6-5 5 5 5M7 6l-5 5 5 5m2-5h6a7 7 0 0 1 7 7v1"/>`),
  forward: icon(svg`<path d="m15 6 5 5-5 5m5-5h-9a7 7 0 0 0-7 7v1"/>`),
  close: icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  key: icon(svg`<circle cx="8" cy="14.5" r="4.5"/><path d="m11.3 11.3 8.2-8.200m-4 4 2.7 2.7"/>`),
  person: icon(svg`<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20.500c1-4 4-5.5 7.5-5.500s6.5 1.5 7.5 5.5"/>`),
  shield: icon(svg`<path d="M12 3.5 19 6v5.500c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z"/><path d="m9 11.8 2.2 2.2 4-4.2"/>`),
  check: icon(svg`<path d="m5 12.5 4.5 4.500L19 7.5"/>`),
  trash: icon(svg`<path d="M5 7h14M10 7V4.500h4V7m-7.5 0 .8 12.500h9.400L17.5 7"/>`),
  plus: icon(svg`<path d="M12 5v14M5 12h14"/>`),
  inbox: icon(svg`<path d="M4 13.500 6.500 5h11L20 13.500V19H4z"/><path d="M4 13.500h4.500l1.500 2.500h4l1.500-2.500H20"/>`),
  sent: icon(svg`<path d="M20.500 3.500 3.500 10.500l6.500 3 3 6.500z"/><path d="m10 13.500 10.500-10"/>`),
  gear: icon(svg`<circle cx="12" cy="12" r="3"/><path d="M12 3v3m0 12v3M3 12h3m12 0h3M5.600 5.600l2.200 2.200m8.400 8.400 2.200 2.200M18.400 5.600l-2.200 2.200m-8.400 8.400-2.200 2.200"/>`),
  code: icon(svg`<path d="m8 7-5 5 5 5m8-10 5 5-5 5M13.500 5l-3 14"/>`),
  menu: icon(svg`<path d="M4 7h16M4 12h16M4 17h16"/>`),
  group: icon(svg`<circle cx="9" cy="9" r="3.500"/><path d="M2.500 19.500c.8-3.500 3.500-4.500 6.500-4.500s5.700 1 6.500 4.500M15.500 5.800a3.500 3.500 0 0 1 0 6.400m1.500 3c2.500.4 4 1.800 4.500 4.300"/>`),
  search: icon(svg`<circle cx="11" cy="11" r="6.500"/><path d="m16 16 4.500 4.500"/>`),
  sync: icon(svg`<path d="M19.500 9.500A8 8 0 0 0 5 8m-.5 6.500A8 8 0 0 0 19 16M5 4v4h4m10 12v-4h-4"/>`),
  copy: icon(svg`<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2"/>`),
};

/** How a badge or a lock looks: its icon and the class of its colour. The words are the package's. */
export const marks = {
  'badge/verified': { icon: icons.verified, look: 'good' },
  'badge/not-verified': { icon: icons.unverified, look: 'warn' },
  'badge/altered': { icon: icons.failed, look: 'bad' },
  'badge/unsigned': { icon: icons.unsigned, look: '' },
  'badge/unknown': { icon: icons.locked, look: '' },
  'badge/unchecked': { icon: icons.locked, look: '' },
  'lock/none': { icon: icons.unencrypted, look: '' },
  'lock/encrypted': { icon: icons.lock, look: 'good' },
  'lock/weak': { icon: icons.lock, look: 'warn' },
  'lock/no-integrity': { icon: icons.lock, look: 'warn' },
  'lock/unreadable': { icon: icons.lock, look: 'bad' },
  'lock/locked': { icon: icons.lock, look: 'accent' },
  'lock/unknown': { icon: icons.lock, look: '' },
};
