// Importing keys, and unlocking them.

export const keys = {
  'import.title': { de: 'Schlüssel importieren', en: 'Import keys' },
  'import.files': { de: 'Dateien', en: 'Files' },
  'import.password': { de: 'Kennwort der Datei', en: 'Password of the file' },
  'import.passphrase': { de: 'Passphrase für diesen Browser', en: 'Passphrase for this browser' },
  'import.passphrase.hint': {
    de: 'Mit ihr wird der Schlüssel hier versiegelt. Ohne sie ist er hier nicht mehr zu öffnen; bewahren Sie die Datei auf.',
    en: 'It seals the key that is stored here. Without it the key cannot be opened here; keep the file.',
  },
  'import.repeat': { de: 'Passphrase wiederholen', en: 'Repeat the passphrase' },
  'import.repeat.differs': { de: 'Die beiden Passphrasen sind verschieden.', en: 'The two passphrases differ.' },
  'import.passphrase.short': { de: 'Mindestens 8 Zeichen.', en: 'At least 8 characters.' },
  'import.do': { de: 'Importieren', en: 'Import' },
  'import.working': { de: 'Wird importiert …', en: 'Importing …' },
  'import.done': { de: 'Importiert: {names}.', en: 'Imported: {names}.' },

  'unlock.title': { de: 'Schlüssel entsperren', en: 'Unlock keys' },
  'unlock.passphrase': { de: 'Passphrase', en: 'Passphrase' },
  'unlock.hint': {
    de: 'Nach {minutes} Minuten ohne Gebrauch sind die Schlüssel wieder gesperrt, in allen Tabs.',
    en: 'After {minutes} minutes without use the keys lock again, in all tabs.',
  },
  'unlock.hint.samples': { de: 'Die Passphrase der Beispiele ist „{passphrase}“.', en: 'The passphrase of the samples is “{passphrase}”.' },
  'unlock.do': { de: 'Entsperren', en: 'Unlock' },
  'unlock.working': { de: 'Wird entsperrt …', en: 'Unlocking …' },
  'unlock.or': { de: 'oder', en: 'or' },
  'unlock.passkey': { de: 'Mit Passkey entsperren', en: 'Unlock with a passkey' },

  'ways.title': { de: 'Entsperren', en: 'Unlocking' },
  'ways.passphrase': { de: 'Passphrase', en: 'Passphrase' },
  'ways.passkey': { de: 'Passkey', en: 'Passkey' },
  'ways.device': { de: 'Dieser Browser', en: 'This browser' },
  'ways.passkey.name': { de: 'Kennung {name} …', en: 'Identifier {name} …' },
  'ways.opens': { de: 'Öffnet {count} Schlüssel.', en: 'Opens {count} keys.' },
  'ways.opens.one': { de: 'Öffnet einen Schlüssel.', en: 'Opens one key.' },
  'ways.add.passkey': { de: 'Passkey einrichten', en: 'Set up a passkey' },
  'ways.add.device': { de: 'In diesem Browser nicht mehr fragen', en: 'No longer ask in this browser' },
  'ways.device.hint': {
    de: 'Wer Ihr Profil in diesem Browser öffnen kann, braucht dann keine Passphrase. Das schützt nur vor anderen Websites.',
    en: 'Whoever can open your profile in this browser needs no passphrase then. It protects from other websites only.',
  },
  'ways.added.passkey': { de: 'Der Passkey öffnet jetzt Ihre Schlüssel.', en: 'The passkey opens your keys now.' },
  'ways.added.device': { de: 'Dieser Browser fragt nicht mehr.', en: 'This browser asks no more.' },
  'ways.remove': { de: 'Entfernen', en: 'Remove' },
  'ways.remove.named': { de: 'Entfernen: {name}', en: 'Remove: {name}' },
  'ways.removed': { de: 'Entfernt.', en: 'Removed.' },
};
