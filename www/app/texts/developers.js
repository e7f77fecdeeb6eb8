// The page for developers.

export const developers = {
  'developers.intro': {
    de: 'Was Sie hier gesehen haben, in dem Code, der es tut: Diese Dateien laufen in dieser Anwendung, so wie sie dastehen.',
    en: 'What you have seen here, in the code that does it: these files run in this application, as they stand.',
  },
  'developers.install': { de: 'In Ihrem Projekt', en: 'In your project' },
  'developers.copy': { de: 'Kopieren', en: 'Copy' },
  'developers.copy.named': { de: '{name} kopieren', en: 'Copy {name}' },
  'developers.copied': { de: 'Kopiert.', en: 'Copied.' },
  'developers.topics': { de: 'Themen', en: 'Topics' },
  'developers.topic.open-mailer': { de: 'Ein Mailer je Benutzer', en: 'A mailer for each user' },
  'developers.topic.open-mailer.text': {
    de: 'Konten, eine eigene Datenbank, und wem vertraut wird. Was der Administrator festlegt, steht in der `policy`.',
    en: 'Accounts, a database of their own, and whom to trust. What the administrator says is in the `policy`.',
  },
  'developers.topic.keys': { de: 'Schlüssel importieren und entsperren', en: 'Import and unlock keys' },
  'developers.topic.keys.text': {
    de: 'Der private Schlüssel verlässt das WebAssembly nie; gespeichert wird er versiegelt.',
    en: 'The private key never leaves the WebAssembly; it is stored sealed.',
  },
  'developers.topic.classify-mail': { de: 'Schloss und Siegel in der Liste', en: 'Lock and badge in the list' },
  'developers.topic.classify-mail.text': {
    de: 'Aus den Kopfzeilen oder der BODYSTRUCTURE, bevor etwas entschlüsselt wird.',
    en: 'From the header or the BODYSTRUCTURE, before anything is decrypted.',
  },
  'developers.topic.read-mail': { de: 'Lesen', en: 'Reading' },
  'developers.topic.read-mail.text': {
    de: 'Geben Sie die Mail so, wie sie ankam, Byte für Byte. Zeigen Sie nur, was `view` und `headers` geben.',
    en: 'Give the mail as it arrived, byte for byte. Show only what `view` and `headers` give.',
  },
  'developers.topic.readiness': { de: 'Wer kann es lesen?', en: 'Who can read it?' },
  'developers.topic.readiness.text': {
    de: 'Bei jedem Empfänger der Grund, falls nicht, und was helfen würde. Fragt niemanden im Netz.',
    en: 'For each recipient the reason if not, and what would help. Asks nobody on the network.',
  },
  'developers.topic.send-mail': { de: 'Senden', en: 'Sending' },
  'developers.topic.send-mail.text': {
    de: 'Der Sendevertrag: Übergeben Sie jede `message` unverändert mit ihrem `envelope`, und legen Sie `sentCopy` ab.',
    en: 'The sending contract: submit each `message` unchanged with its `envelope`, and keep `sentCopy`.',
  },
  'developers.topic.answer-mail': { de: 'Antworten und weiterleiten', en: 'Answer and forward' },
  'developers.topic.answer-mail.text': {
    de: 'Was verschlüsselt kam, geht nicht offen zurück.',
    en: 'What came encrypted does not go back in the clear.',
  },
  'developers.topic.drafts': { de: 'Entwürfe', en: 'Drafts' },
  'developers.topic.drafts.text': { de: 'Auch der von selbst gesicherte ist verschlüsselt.', en: 'The one that is saved by itself is encrypted too.' },
  'developers.topic.certificates': { de: 'Zertifikate', en: 'Certificates' },
  'developers.topic.certificates.text': { de: 'Seitenweise, auch bei Zehntausenden.', en: 'A page at a time, also with tens of thousands.' },
  'developers.topic.shared-accounts': { de: 'Gemeinsame Postfächer', en: 'Shared mailboxes' },
  'developers.topic.shared-accounts.text': {
    de: 'Ihr Server trägt nur eine versiegelte Datei von einem zum anderen.',
    en: 'Your server only carries a sealed file from one to the other.',
  },
  'developers.topic.departure': { de: 'Wenn jemand geht', en: 'When somebody leaves' },
  'developers.topic.departure.text': {
    de: 'Gespeicherte Mails bekommen einen weiteren Empfänger; ihr Inhalt wird dafür nicht entschlüsselt.',
    en: 'Stored mail gets a further recipient; its content is not decrypted for that.',
  },
  'developers.topic.settings': { de: 'Einstellungen', en: 'Settings' },
  'developers.topic.settings.text': { de: 'Für alles, für ein Konto, für einen Kontakt.', en: 'For everything, for an account, for a contact.' },
  'developers.topic.backup': { de: 'Sichern und wiederherstellen', en: 'Back up and restore' },
  'developers.topic.backup.text': { de: 'Alles als eine versiegelte Datei.', en: 'Everything as one sealed file.' },
  'developers.topic.sync': { de: 'Mehrere Geräte', en: 'Several devices' },
  'developers.topic.sync.text': {
    de: 'Ihr Server hält eine versiegelte Datei je Benutzer, und ersetzt sie nur, wenn niemand schneller war.',
    en: 'Your server keeps one sealed file for each user, and replaces it only if nobody was faster.',
  },
  'developers.topic.online': { de: 'Online prüfen', en: 'Check online' },
  'developers.topic.online.text': {
    de: 'Nur mit der Einstellung `onlineValidation`, über Ihr Relais, das die Adressen vorher prüft.',
    en: 'Only with the setting `onlineValidation`, through your relay, which looks at the addresses first.',
  },
};
