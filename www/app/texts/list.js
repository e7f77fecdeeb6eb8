// The list of mails.

export const list = {
  'list.label': { de: 'Mails in {folder}', en: 'Mails in {folder}' },
  'list.open': { de: 'Mail importieren …', en: 'Import mail …' },
  'list.search': { de: 'Suchen', en: 'Search' },
  'list.found.none': { de: 'Nichts gefunden.', en: 'Nothing found.' },
  'list.empty': { de: 'Hier ist nichts.', en: 'Nothing here.' },
  'list.empty.inbox': {
    de: 'Keine Post. Ziehen Sie eine .eml-Datei hierher, oder schreiben Sie sich selbst.',
    en: 'No mail. Drop an .eml file here, or write to yourself.',
  },
  'list.no-subject': { de: '(kein Betreff)', en: '(no subject)' },
  'list.no-sender': { de: '(kein Absender)', en: '(no sender)' },
  'list.no-recipient': { de: '(kein Empfänger)', en: '(no recipient)' },
  'list.to': { de: 'An {names}', en: 'To {names}' },
  'list.unread': { de: 'Ungelesen', en: 'Unread' },
  'list.removed': { de: 'In den Papierkorb gelegt.', en: 'Moved to the trash.' },
  'list.removed.for-good': { de: 'Endgültig gelöscht.', en: 'Deleted for good.' },
  'list.keys': {
    de: 'Pfeiltasten oder J und K wählen, Eingabe öffnet, Entf löscht.',
    en: 'Arrow keys or J and K choose, Enter opens, Delete removes.',
  },
};
