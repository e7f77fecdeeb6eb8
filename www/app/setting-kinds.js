// The settings as the page shows them: in groups, and what each is chosen from. docs/SETTINGS.md says what
// they do; their words are in texts/settings.js.

const flag = { kind: 'flag' };
const choice = (...values) => ({ kind: 'choice', values });

export const settingKinds = {
  alwaysSign: flag,
  encrypt: choice('on-request', 'when-possible', 'always'),
  encryptOnlySigned: flag,
  protectInvitations: flag,
  protectBulk: flag,
  protectAutomatic: flag,
  encryptTo: choice('newest', 'next-newest', 'all'),
  profile: choice('default', 'edi-energy', 'compatible'),
  protectHeaders: choice('auto', 'off', 'clear', 'baseline', 'shy'),
  legacyDisplay: flag,
  harvest: choice('always', 'valid', 'ask', 'never'),
  trustNew: flag,
  trustNewOfKnown: flag,
  onlineValidation: flag,
  trustWithoutAnswer: flag,
  keepCopies: choice('encrypted', 'decrypted'),
  searchText: flag,
  archiveRecipients: { kind: 'certificates' },
  archiveOnOpening: flag,
  lockAfter: { kind: 'minutes' },
  remindDays: { kind: 'days' },
};

export const settingGroups = {
  sending: ['alwaysSign', 'encrypt', 'encryptOnlySigned', 'encryptTo', 'profile', 'protectHeaders', 'legacyDisplay'],
  kinds: ['protectInvitations', 'protectBulk', 'protectAutomatic'],
  receiving: ['harvest', 'trustNew', 'trustNewOfKnown', 'onlineValidation', 'trustWithoutAnswer'],
  keeping: ['keepCopies', 'searchText', 'archiveRecipients', 'archiveOnOpening'],
  keys: ['lockAfter', 'remindDays'],
};

/** What can be chosen for a contact, and what for everything alone. */
export const forContacts = ['encryptTo', 'profile'];
export const forEverything = ['lockAfter', 'remindDays'];
