// Every text of the demo, in both languages side by side. tests/browser/demo-texts.test.mjs holds that
// none is missing, that both take the same values, and that every code of src/error.rs has a sentence.

export const catalogue = {
  // The frame
  'app.title': { de: 'smime-wasm Demo', en: 'smime-wasm demo' },
  'app.views': { de: 'Ansichten', en: 'Views' },
  'app.mail': { de: 'Post', en: 'Mail' },
  'app.certificates': { de: 'Zertifikate', en: 'Certificates' },
  'app.language': { de: 'Sprache', en: 'Language' },
  'app.lock': { de: 'Sperren', en: 'Lock' },
  'app.lock.hint': { de: 'Schlüssel entsperrt – jetzt sperren', en: 'Keys unlocked – lock now' },
  'app.local': {
    de: 'Alles bleibt in diesem Browser. Es wird nichts übertragen.',
    en: 'Everything stays in this browser. Nothing is sent anywhere.',
  },
  'app.drop': {
    de: 'Loslassen: Mail (.eml, .p7m), Schlüssel (.p12) oder Zertifikat (.pem, .cer, .p7b)',
    en: 'Drop it: mail (.eml, .p7m), key (.p12) or certificate (.pem, .cer, .p7b)',
  },
  'app.newer': {
    de: 'Ein anderer Tab hat die Datenbank erneuert. Laden Sie diese Seite neu.',
    en: 'Another tab renewed the database. Reload this page.',
  },
  'app.close': { de: 'Schließen', en: 'Close' },
  'app.cancel': { de: 'Abbrechen', en: 'Cancel' },
  'app.loading': { de: 'Wird geladen …', en: 'Loading …' },
  'app.dismiss': { de: 'Meldung schließen', en: 'Dismiss message' },

  // The list of mails
  'list.label': { de: 'Mails', en: 'Mails' },
  'list.compose': { de: 'Neue Mail', en: 'New mail' },
  'list.open': { de: 'Mail öffnen …', en: 'Open mail …' },
  'list.written': { de: 'Hier geschrieben', en: 'Written here' },
  'list.opened': { de: 'Geöffnet', en: 'Opened' },
  'list.sample': { de: 'Beispiele', en: 'Samples' },
  'list.kept': {
    de: 'Geöffnete und geschriebene Mails bleiben bis zum Neuladen der Seite; Zertifikate und Schlüssel bleiben gespeichert.',
    en: 'Opened and written mails stay until the page is reloaded; certificates and keys are stored.',
  },
  'list.no-subject': { de: '(kein Betreff)', en: '(no subject)' },
  'list.no-sender': { de: '(kein Absender)', en: '(no sender)' },
  'list.to': { de: 'An {names}', en: 'To {names}' },
  'list.remove': { de: 'Aus der Liste nehmen', en: 'Remove from the list' },
  'list.verified': { de: 'Signatur bestätigt', en: 'Signature confirmed' },
  'list.unverified': { de: 'Signatur nicht bestätigt', en: 'Signature not confirmed' },
  'list.failed': { de: 'Signatur ungültig', en: 'Signature invalid' },

  // Reading
  'read.empty': { de: 'Keine Mail gewählt', en: 'No mail selected' },
  'read.empty.hint': {
    de: 'Wählen Sie links ein Beispiel, oder ziehen Sie eine .eml-Datei hierher.',
    en: 'Pick a sample on the left, or drop an .eml file here.',
  },
  'read.back': { de: 'Zur Liste', en: 'Back to the list' },
  'read.from': { de: 'Von', en: 'From' },
  'read.to': { de: 'An', en: 'To' },
  'read.cc': { de: 'Kopie', en: 'Cc' },
  'read.date': { de: 'Datum', en: 'Date' },
  'read.working': { de: 'Wird geöffnet …', en: 'Opening …' },
  'read.save': { de: 'Als .eml sichern', en: 'Save as .eml' },
  'read.attachments': { de: 'Anhänge', en: 'Attachments' },
  'read.attachment.unnamed': { de: 'Anhang', en: 'attachment' },
  'read.attachment.save': { de: '{name} sichern', en: 'Save {name}' },
  'read.html': {
    de: 'Diese Mail besteht aus HTML. Gezeigt wird nur ihr Text; es wird nichts nachgeladen.',
    en: 'This mail is HTML. Only its text is shown; nothing is fetched.',
  },
  'read.no-text': { de: 'Diese Mail hat keinen Text.', en: 'This mail has no text.' },
  'read.unlock': { de: '{name} entsperren', en: 'Unlock {name}' },
  'read.unlock.hint': {
    de: 'Vielleicht gehört der Schlüssel dazu zu einer gesperrten Identität:',
    en: 'Its key may belong to a locked identity:',
  },
  'read.keep': { de: 'Zertifikat von {name} aufnehmen', en: 'Keep the certificate of {name}' },
  'read.keep.hint': {
    de: 'Damit können Sie an {name} verschlüsselt schreiben.',
    en: 'With it you can write encrypted mail to {name}.',
  },
  'read.sample': { de: 'Was dieses Beispiel zeigt', en: 'What this sample shows' },

  // The verdict
  'verdict.label': { de: 'Prüfergebnis', en: 'Verdict' },
  'verdict.details': { de: 'Einzelheiten', en: 'Details' },
  'signature.verified': { de: 'Signiert von {name}', en: 'Signed by {name}' },
  'signature.verified.reason': {
    de: 'Der Inhalt ist unverändert, das Zertifikat gehört zu {address}, und eine Stelle, der Sie vertrauen, hat es ausgestellt.',
    en: 'The content is unchanged, the certificate belongs to {address}, and an authority you trust issued it.',
  },
  'signature.unverified': { de: 'Signatur nicht bestätigt', en: 'Signature not confirmed' },
  'signature.failed': { de: 'Signatur ungültig', en: 'Signature invalid' },
  'signature.failed.reason': {
    de: 'Verlassen Sie sich nicht auf diesen Inhalt.',
    en: 'Do not rely on this content.',
  },
  'signature.unsigned': { de: 'Nicht signiert', en: 'Not signed' },
  'signature.unsigned.reason': {
    de: 'Nichts belegt, wer diese Mail schrieb.',
    en: 'Nothing shows who wrote this mail.',
  },
  'signature.locked': { de: 'Noch nicht geprüft', en: 'Not checked yet' },
  'encryption.none': { de: 'Nicht verschlüsselt', en: 'Not encrypted' },
  'encryption.protected': { de: 'Verschlüsselt', en: 'Encrypted' },
  'encryption.no-integrity': {
    de: 'Verschlüsselt, ohne Schutz vor Veränderung',
    en: 'Encrypted, without protection against changes',
  },
  'encryption.weak': { de: 'Schwach verschlüsselt', en: 'Weakly encrypted' },
  'encryption.locked': { de: 'Verschlüsselt, nicht lesbar', en: 'Encrypted, not readable' },

  // The details of a verdict
  'detail.layers': { de: 'Aufbau', en: 'Structure' },
  'detail.layer.signed': { de: 'Signatur', en: 'Signature' },
  'detail.layer.encrypted': { de: 'Verschlüsselung', en: 'Encryption' },
  'detail.algorithm': { de: 'Verfahren', en: 'Algorithm' },
  'detail.cipher': { de: 'Verfahren', en: 'Cipher' },
  'detail.decrypted-with': { de: 'Entschlüsselt mit', en: 'Decrypted with' },
  'detail.signer': { de: 'Unterzeichner', en: 'Signer' },
  'detail.chain': { de: 'Zertifikatskette', en: 'Certificate chain' },
  'detail.signing-time': { de: 'Angegebene Zeit', en: 'Claimed time' },
  'detail.integrity': { de: 'Inhalt', en: 'Content' },
  'detail.integrity.intact': { de: 'unverändert', en: 'unchanged' },
  'detail.integrity.altered': { de: 'verändert', en: 'altered' },
  'detail.integrity.unchecked': { de: 'nicht geprüft', en: 'not checked' },
  'detail.trust': { de: 'Aussteller', en: 'Issuer' },
  'detail.trust.trusted': { de: 'vertraut', en: 'trusted' },
  'detail.trust.untrusted': { de: 'nicht vertraut', en: 'not trusted' },
  'detail.trust.unchecked': { de: 'nicht geprüft', en: 'not checked' },
  'detail.author': { de: 'Absender', en: 'Sender' },
  'detail.author.match': { de: 'stimmt überein', en: 'matches' },
  'detail.author.mismatch': { de: 'stimmt nicht überein', en: 'does not match' },
  'detail.author.unchecked': { de: 'nicht geprüft', en: 'not checked' },
  'detail.revocation': { de: 'Sperrung', en: 'Revocation' },
  'detail.revocation.good': { de: 'nicht gesperrt', en: 'not revoked' },
  'detail.revocation.revoked': { de: 'gesperrt', en: 'revoked' },
  'detail.revocation.unknown': { de: 'unbekannt', en: 'unknown' },
  'detail.revocation.unchecked': { de: 'nicht geprüft', en: 'not checked' },
  'detail.code': { de: 'Kennung: {code}', en: 'Code: {code}' },

  // Writing
  'compose.title': { de: 'Neue Mail', en: 'New mail' },
  'compose.from': { de: 'Von', en: 'From' },
  'compose.from.none': {
    de: 'Importieren Sie zuerst einen Schlüssel (.p12), um signieren zu können.',
    en: 'Import a key (.p12) first to be able to sign.',
  },
  'compose.locked': { de: '{name} (gesperrt)', en: '{name} (locked)' },
  'compose.to': { de: 'An', en: 'To' },
  'compose.cc': { de: 'Kopie', en: 'Cc' },
  'compose.addresses.hint': {
    de: 'Mehrere Adressen durch Komma trennen',
    en: 'Separate several addresses with commas',
  },
  'compose.subject': { de: 'Betreff', en: 'Subject' },
  'compose.text': { de: 'Text', en: 'Text' },
  'compose.attach': { de: 'Datei anhängen …', en: 'Attach a file …' },
  'compose.attachments': { de: 'Anhänge', en: 'Attachments' },
  'compose.detach': { de: '{name} entfernen', en: 'Remove {name}' },
  'compose.sign': { de: 'Signieren', en: 'Sign' },
  'compose.encrypt': { de: 'Verschlüsseln', en: 'Encrypt' },
  'compose.protection': { de: 'Schutz', en: 'Protection' },
  'compose.subject.visible': {
    de: 'Betreff und Adressen bleiben auch bei verschlüsselten Mails lesbar.',
    en: 'Subject and addresses stay readable in encrypted mail too.',
  },
  'compose.readiness': { de: 'Kann verschlüsselt werden', en: 'Can be encrypted' },
  'compose.ready': { de: 'Zertifikat gültig bis {date}', en: 'certificate valid until {date}' },
  'compose.ready.self': { de: 'Sie selbst können die Mail lesen', en: 'you can read the mail yourself' },
  'compose.not-ready.no-certificate': {
    de: 'kein Zertifikat. Öffnen Sie eine signierte Mail von dieser Adresse, oder ziehen Sie das Zertifikat hierher.',
    en: 'no certificate. Open a signed mail from this address, or drop the certificate here.',
  },
  'compose.not-ready.expired': {
    de: 'das Zertifikat ist seit {date} abgelaufen.',
    en: 'the certificate expired on {date}.',
  },
  'compose.not-ready.not-yet-valid': {
    de: 'das Zertifikat gilt erst ab {date}.',
    en: 'the certificate is not valid before {date}.',
  },
  'compose.not-ready.usage': {
    de: 'das Zertifikat ist nicht zum Verschlüsseln bestimmt.',
    en: 'the certificate is not meant for encryption.',
  },
  'compose.not-ready.address': { de: 'das ist keine Mailadresse.', en: 'this is no mail address.' },
  'compose.not-ready.sender': {
    de: 'mit Ihrem eigenen Zertifikat kann nicht verschlüsselt werden; Sie selbst könnten die Mail nicht lesen.',
    en: 'your own certificate does not allow encryption; you could not read the mail yourself.',
  },
  'compose.need.recipient': { de: 'Geben Sie einen Empfänger an.', en: 'Name a recipient.' },
  'compose.need.address': {
    de: '„{address}“ ist keine Mailadresse.',
    en: '“{address}” is no mail address.',
  },
  'compose.need.certificates': {
    de: 'Nicht alle Empfänger haben ein Zertifikat. Verschlüsseln Sie nicht, oder nehmen Sie die Empfänger heraus.',
    en: 'Not every recipient has a certificate. Do not encrypt, or leave these recipients out.',
  },
  'compose.save': { de: 'Als .eml sichern', en: 'Save as .eml' },
  'compose.discard': { de: 'Verwerfen', en: 'Discard' },
  'compose.working.compose': { de: 'Mail wird geschrieben …', en: 'Writing the mail …' },
  'compose.working.sign': { de: 'Wird signiert …', en: 'Signing …' },
  'compose.working.encrypt': { de: 'Wird verschlüsselt …', en: 'Encrypting …' },
  'compose.done': {
    de: 'Gesichert. Die Mail steht auch in der Liste unter „Hier geschrieben“.',
    en: 'Saved. The mail is in the list too, under “Written here”.',
  },
  'compose.aborted': { de: 'Abgebrochen. Ihr Entwurf ist noch da.', en: 'Cancelled. Your draft is still there.' },

  // Importing
  'import.title': { de: 'Schlüssel importieren', en: 'Import a key' },
  'import.file': { de: 'Datei', en: 'File' },
  'import.password': { de: 'Kennwort der Datei', en: 'Password of the file' },
  'import.passphrase': { de: 'Neue Passphrase für diesen Browser', en: 'New passphrase for this browser' },
  'import.passphrase.hint': {
    de: 'Mit ihr wird der Schlüssel hier verschlüsselt gespeichert. Ohne sie ist er hier nicht mehr zu öffnen; bewahren Sie die .p12-Datei auf.',
    en: 'It seals the key that is stored here. Without it the key cannot be opened here; keep the .p12 file.',
  },
  'import.repeat': { de: 'Passphrase wiederholen', en: 'Repeat the passphrase' },
  'import.repeat.differs': {
    de: 'Die beiden Passphrasen sind verschieden.',
    en: 'The two passphrases differ.',
  },
  'import.passphrase.short': { de: 'Mindestens 8 Zeichen.', en: 'At least 8 characters.' },
  'import.do': { de: 'Importieren', en: 'Import' },
  'import.working': { de: 'Wird importiert …', en: 'Importing …' },
  'import.done': { de: '{names} importiert und entsperrt.', en: 'Imported and unlocked {names}.' },

  // Unlocking
  'unlock.title': { de: '{name} entsperren', en: 'Unlock {name}' },
  'unlock.passphrase': { de: 'Passphrase', en: 'Passphrase' },
  'unlock.hint': {
    de: 'Der Schlüssel wird nach {minutes} Minuten wieder gesperrt.',
    en: 'The key locks again after {minutes} minutes.',
  },
  'unlock.do': { de: 'Entsperren', en: 'Unlock' },
  'unlock.working': { de: 'Wird entsperrt …', en: 'Unlocking …' },
  'unlock.locked': { de: 'Die Schlüssel sind gesperrt.', en: 'The keys are locked.' },

  // Certificates
  'certificates.import': { de: '.p12 oder Zertifikat hinzufügen …', en: 'Add .p12 or certificate …' },
  'certificates.own': { de: 'Meine Identitäten', en: 'My identities' },
  'certificates.own.none': {
    de: 'Noch keine. Ziehen Sie Ihre .p12- oder .pfx-Datei auf diese Seite.',
    en: 'None yet. Drop your .p12 or .pfx file on this page.',
  },
  'certificates.people': { de: 'Andere', en: 'Others' },
  'certificates.people.none': {
    de: 'Noch keine. Sie kommen aus signierten Mails oder aus Zertifikatsdateien.',
    en: 'None yet. They come from signed mails or certificate files.',
  },
  'certificates.anchors': { de: 'Vertrauensanker', en: 'Trust anchors' },
  'certificates.anchors.hint': {
    de: 'Signaturen gelten, wenn ihr Zertifikat auf eines von diesen zurückgeht.',
    en: 'A signature counts when its certificate leads to one of these.',
  },
  'certificates.anchors.none': {
    de: 'Keine. Ziehen Sie das Zertifikat einer Stelle, der Sie vertrauen, auf diese Seite.',
    en: 'None. Drop the certificate of an authority you trust on this page.',
  },
  'certificates.samples': { de: 'Beispiele verwenden', en: 'Use the samples' },
  'certificates.samples.hint': {
    de: 'Zeigt das Beispielpostfach, leiht Ihnen die Schlüssel von Erika und Max und vertraut der „Demo Root CA“. Deren Schlüssel sind öffentlich: Für echte Post abschalten.',
    en: 'Shows the sample mailbox, lends you the keys of Erika and Max, and trusts the “Demo Root CA”. Their keys are public: switch this off for real mail.',
  },
  'certificates.samples.failed': {
    de: 'Die Beispiele konnten nicht geladen werden.',
    en: 'The samples could not be loaded.',
  },
  'certificates.sample': { de: 'Beispiel', en: 'Sample' },
  'certificates.locked': { de: 'gesperrt', en: 'locked' },
  'certificates.unlocked': { de: 'entsperrt', en: 'unlocked' },
  'certificates.expired': { de: 'abgelaufen', en: 'expired' },
  'certificates.not-yet-valid': { de: 'noch nicht gültig', en: 'not valid yet' },
  'certificates.addresses': { de: 'Adressen', en: 'Addresses' },
  'certificates.issuer': { de: 'Aussteller', en: 'Issuer' },
  'certificates.validity': { de: 'Gültig', en: 'Valid' },
  'certificates.validity.range': { de: '{from} bis {to}', en: '{from} to {to}' },
  'certificates.fingerprint': { de: 'SHA-256', en: 'SHA-256' },
  'certificates.remove': { de: 'Entfernen', en: 'Remove' },
  'certificates.remove.named': { de: '{name} entfernen', en: 'Remove {name}' },
  'certificates.remove.sure': { de: 'Wirklich entfernen', en: 'Really remove' },
  'certificates.remove.key-hint': {
    de: 'Mails an diesen Schlüssel sind hier dann nicht mehr lesbar, bis Sie die .p12-Datei wieder importieren.',
    en: 'Mail to this key will not be readable here until you import the .p12 file again.',
  },
  'certificates.removed': { de: '{name} entfernt.', en: 'Removed {name}.' },
  'certificates.added': { de: 'Aufgenommen: {names}.', en: 'Added: {names}.' },
  'certificates.none-found': { de: 'In der Datei ist kein Zertifikat.', en: 'There is no certificate in the file.' },

  // Adding a trust anchor
  'anchor.title': { de: 'Dieser Stelle vertrauen?', en: 'Trust this authority?' },
  'anchor.hint': {
    de: 'Jede Signatur, deren Zertifikat auf sie zurückgeht, gilt dann als bestätigt. Vergleichen Sie den Fingerabdruck mit dem, den die Stelle veröffentlicht.',
    en: 'Every signature whose certificate leads to it will then count as confirmed. Compare the fingerprint with the one the authority publishes.',
  },
  'anchor.do': { de: 'Vertrauen', en: 'Trust' },
  'anchor.added': { de: '„{name}“ ist jetzt Vertrauensanker.', en: '“{name}” is now a trust anchor.' },

  // The samples
  'sample.plain': {
    de: 'Eine Mail ohne jeden Schutz. Zum Vergleich: So sieht die meiste Post aus.',
    en: 'A mail without any protection, for comparison: most mail looks like this.',
  },
  'sample.signed': {
    de: 'Eine signierte Mail mit Anhang. Text und Anhang sind unverändert, und der Absender ist der, der im Zertifikat steht.',
    en: 'A signed mail with an attachment. Both are unchanged, and the sender is the one named in the certificate.',
  },
  'sample.opaque': {
    de: 'Auch signiert, nur anders verpackt: Der Text steckt in den signierten Daten, und Programme ohne S/MIME zeigen ihn nicht.',
    en: 'Signed as well, in another wrapping: the text is inside the signed data, and programs without S/MIME do not show it.',
  },
  'sample.encrypted': {
    de: 'Verschlüsselt mit AES-256-CBC und ohne Signatur. Mitlesen konnte niemand; ob jemand den Inhalt verändert hat, lässt sich nicht sagen.',
    en: 'Encrypted with AES-256-CBC and not signed. Nobody could read it; whether somebody changed it cannot be told.',
  },
  'sample.gcm': {
    de: 'Verschlüsselt mit AES-256-GCM. Anders als bei CBC fällt jede Veränderung auf. Wer sie schrieb, ist trotzdem nicht belegt.',
    en: 'Encrypted with AES-256-GCM. Unlike with CBC every change is noticed. Still nothing shows who wrote it.',
  },
  'sample.signed-encrypted': {
    de: 'Der Normalfall für vertrauliche Post: erst signiert, dann verschlüsselt.',
    en: 'The usual case of confidential mail: signed first, then encrypted.',
  },
  'sample.altered': {
    de: 'Nach dem Signieren hat jemand den Betrag geändert.',
    en: 'After the mail was signed, somebody changed the amount.',
  },
  'sample.other-sender': {
    de: 'Die Signatur ist echt, aber sie ist von Max, und als Absender steht jemand anderes da.',
    en: 'The signature is genuine, but it is Max’s, and the sender claims to be somebody else.',
  },
  'sample.unknown-issuer': {
    de: 'Eine unveränderte Signatur, deren Zertifikat von einer unbekannten Stelle stammt. Nehmen Sie deren Zertifikat als Vertrauensanker auf, und die Signatur gilt: ',
    en: 'An intact signature whose certificate comes from an unknown authority. Add its certificate as a trust anchor and the signature counts: ',
  },
  'sample.unknown-issuer.add': { de: '„Other Root CA“ ansehen', en: 'Look at “Other Root CA”' },
  'sample.expired': {
    de: 'Das Zertifikat ist abgelaufen. Wann die Mail wirklich signiert wurde, weiß niemand sicher.',
    en: 'The certificate has expired. When the mail was really signed nobody knows for sure.',
  },
  'sample.old': {
    de: 'Wie alte Programme schrieben: SHA-1 und Triple-DES. Lesbar, aber kein Beleg mehr.',
    en: 'As old programs wrote: SHA-1 and triple DES. Readable, but no proof any more.',
  },
  'sample.not-for-me': {
    de: 'Für jemand anderen verschlüsselt. Mehr als die äußeren Angaben ist nicht zu sehen.',
    en: 'Encrypted for somebody else. There is nothing to see but the outer fields.',
  },

  // Problems: reasons against a signature, weaknesses, things read all the same
  'problem.other': { de: 'Hinweis: {code}', en: 'Note: {code}' },
  'problem.p12/no-mac': {
    de: 'Die Datei hat keine Prüfsumme; ob sie vollständig ist, lässt sich nicht sagen.',
    en: 'The file has no checksum; whether it is whole cannot be told.',
  },
  'problem.p12/weak-cipher': {
    de: 'Die Datei ist mit einem veralteten Verfahren verschlüsselt. Bewahren Sie sie sicher auf.',
    en: 'The file is encrypted with an outdated cipher. Keep it in a safe place.',
  },
  'problem.p12/no-key': {
    de: 'Die Datei enthält keinen privaten Schlüssel.',
    en: 'The file holds no private key.',
  },
  'problem.p12/key-without-certificate': {
    de: 'Ein Schlüssel ohne Zertifikat wurde ausgelassen.',
    en: 'A key without a certificate was left out.',
  },
  'problem.p12/unsupported-key': {
    de: 'Ein Schlüssel einer nicht unterstützten Art wurde ausgelassen.',
    en: 'A key of an unsupported kind was left out.',
  },
  'problem.p12/bag-skipped': {
    de: 'Ein Teil der Datei, der nicht lesbar oder nicht für Mail gedacht ist, wurde ausgelassen.',
    en: 'A part of the file that is unreadable or not meant for mail was left out.',
  },
  'problem.certificate/unreadable': {
    de: 'Ein Zertifikat war nicht lesbar und wurde ausgelassen.',
    en: 'A certificate could not be read and was left out.',
  },
  'problem.cipher/no-integrity': {
    de: 'Die Verschlüsselung schützt nicht davor, dass jemand den Inhalt unterwegs verändert.',
    en: 'The encryption does not keep anybody from changing the content on its way.',
  },
  'problem.cipher/weak': {
    de: 'Das Verschlüsselungsverfahren ist veraltet.',
    en: 'The cipher is outdated.',
  },
  'problem.cipher/gcm-in-enveloped-data': {
    de: 'Das Verschlüsselungsverfahren gehört nicht in diese Form von Nachricht; andere Programme können sie vielleicht nicht öffnen.',
    en: 'The cipher does not belong into this form of message; other software may not open it.',
  },
  'problem.signature/content-altered': {
    de: 'Der Inhalt wurde nach dem Signieren verändert.',
    en: 'The content was changed after it was signed.',
  },
  'problem.signature/invalid': {
    de: 'Die Signatur passt nicht zum Schlüssel des Zertifikats.',
    en: 'The signature does not fit the key of the certificate.',
  },
  'problem.signature/no-certificate': {
    de: 'Das Zertifikat des Unterzeichners fehlt.',
    en: 'The signer’s certificate is missing.',
  },
  'problem.signature/weak-digest': {
    de: 'Die Signatur beruht auf einem unsicheren Verfahren (etwa SHA-1 oder MD5) und lässt sich fälschen.',
    en: 'The signature rests on an unsafe digest (such as SHA-1 or MD5) and can be forged.',
  },
  'problem.signature/unsupported-algorithm': {
    de: 'Das Signaturverfahren wird nicht unterstützt; die Signatur wurde nicht geprüft.',
    en: 'The signature algorithm is not supported; the signature was not checked.',
  },
  'problem.signature/weak-key': {
    de: 'Der Schlüssel des Unterzeichners ist zu kurz.',
    en: 'The signer’s key is too short.',
  },
  'problem.signature/malformed-attributes': {
    de: 'Die signierten Angaben sind fehlerhaft aufgebaut.',
    en: 'The signed attributes are malformed.',
  },
  'problem.signature/time-outside-validity': {
    de: 'Die angegebene Zeit liegt außerhalb der Gültigkeit des Zertifikats.',
    en: 'The claimed time lies outside the validity of the certificate.',
  },
  'problem.signature/date-differs': {
    de: 'Das Datum der Mail und die Zeit der Signatur liegen mehr als eine Stunde auseinander; die Kopfzeilen könnten ausgetauscht sein.',
    en: 'The date of the mail and the time of the signature are more than an hour apart; the header may have been exchanged.',
  },
  'problem.signature/line-ends-converted': {
    de: 'Die Zeilenenden wurden unterwegs umgewandelt; der Inhalt stimmt dennoch.',
    en: 'The line ends were converted on the way; the content matches all the same.',
  },
  'problem.signature/content-type': {
    de: 'Unterschrieben wurde etwas anderes als eine Mail, etwa ein Zeitstempel.',
    en: 'What was signed is something other than a mail, such as a time stamp.',
  },
  'problem.signature/embedded-content': {
    de: 'In der Signatur steckt ein eigener Inhalt, der nicht der angezeigte ist.',
    en: 'The signature carries content of its own that is not the one shown.',
  },
  'problem.signature/removed': {
    de: 'Der Absender hat mehrfach unterschrieben, und eine seiner Signaturen fehlt. Jemand kann sie entfernt haben.',
    en: 'The sender signed in several ways, and one of these signatures is missing. Somebody may have removed it.',
  },
  'problem.signature/countersignature-unreadable': {
    de: 'Eine Gegenzeichnung der Signatur ist nicht lesbar.',
    en: 'A countersignature cannot be read.',
  },
  'problem.path/unknown-issuer': {
    de: 'Das Zertifikat stammt von einer Stelle, der Sie nicht vertrauen.',
    en: 'The certificate comes from an authority you do not trust.',
  },
  'problem.path/no-anchors': {
    de: 'Es sind keine Vertrauensanker festgelegt.',
    en: 'There are no trust anchors.',
  },
  'problem.path/expired': {
    de: 'Das Zertifikat ist abgelaufen.',
    en: 'The certificate has expired.',
  },
  'problem.path/not-yet-valid': {
    de: 'Das Zertifikat ist noch nicht gültig.',
    en: 'The certificate is not valid yet.',
  },
  'problem.path/bad-signature': {
    de: 'Ein Zertifikat der Kette trägt eine falsche Unterschrift.',
    en: 'A certificate of the chain bears a false signature.',
  },
  'problem.path/not-a-ca': {
    de: 'Ein Zertifikat der Kette darf keine Zertifikate ausstellen.',
    en: 'A certificate of the chain must not issue certificates.',
  },
  'problem.path/too-long': {
    de: 'Die Zertifikatskette ist länger als erlaubt.',
    en: 'The certificate chain is longer than allowed.',
  },
  'problem.path/key-usage': {
    de: 'Der Schlüssel ist für diesen Zweck nicht bestimmt.',
    en: 'The key is not meant for this use.',
  },
  'problem.path/extended-key-usage': {
    de: 'Das Zertifikat ist nicht für Mail bestimmt.',
    en: 'The certificate is not meant for mail.',
  },
  'problem.path/critical-extension': {
    de: 'Ein Zertifikat enthält eine wichtige Erweiterung, die nicht verstanden wird.',
    en: 'A certificate has a critical extension that is not understood.',
  },
  'problem.path/algorithm': {
    de: 'Ein Zertifikat der Kette ist mit einem nicht anerkannten Verfahren unterschrieben.',
    en: 'A certificate of the chain is signed with an algorithm that is not accepted.',
  },
  'problem.path/budget': {
    de: 'Die Suche nach einer Zertifikatskette wurde abgebrochen, weil sie zu aufwendig war.',
    en: 'The search for a certificate chain was ended because it took too much.',
  },
  'problem.path/name-constraints': {
    de: 'Die ausstellende Stelle darf für diese Namen keine Zertifikate ausstellen.',
    en: 'The issuing authority is not allowed to certify these names.',
  },
  'problem.path/policy': {
    de: 'Das Zertifikat erfüllt keine der verlangten Zertifizierungsrichtlinien.',
    en: 'The certificate meets none of the certificate policies that are required.',
  },
  'problem.path/malformed-extension': {
    de: 'Ein Zertifikat der Kette enthält eine beschädigte Erweiterung.',
    en: 'A certificate of the chain has a damaged extension.',
  },
  'problem.path/anchor-purpose': {
    de: 'Der Vertrauensanker gilt nur für Mail.',
    en: 'The trust anchor is good for mail only.',
  },
  'problem.path/anchor-address': {
    de: 'Dem Vertrauensanker wird für diese Adresse nicht vertraut.',
    en: 'The trust anchor is not trusted for this address.',
  },
  'problem.path/anchor-distrusted': {
    de: 'Der Vertrauensanker gilt nicht mehr für Zertifikate, die so spät ausgestellt wurden.',
    en: 'The trust anchor is no longer good for certificates issued this late.',
  },
  'problem.revocation/revoked': {
    de: 'Das Zertifikat ist gesperrt.',
    en: 'The certificate is revoked.',
  },
  'problem.revocation/unknown': {
    de: 'Es ist nichts da, was sagt, ob das Zertifikat gesperrt ist.',
    en: 'Nothing is there that tells whether the certificate is revoked.',
  },
  'problem.revocation/stale': {
    de: 'Die Auskunft über Sperrungen ist veraltet.',
    en: 'What tells about revocation is out of date.',
  },
  'problem.revocation/not-yet-valid': {
    de: 'Die Auskunft über Sperrungen trägt ein Datum in der Zukunft.',
    en: 'What tells about revocation is dated in the future.',
  },
  'problem.revocation/bad-signature': {
    de: 'Die Auskunft über Sperrungen trägt eine falsche Unterschrift.',
    en: 'What tells about revocation bears a false signature.',
  },
  'problem.revocation/algorithm': {
    de: 'Die Auskunft über Sperrungen ist mit einem nicht anerkannten Verfahren unterschrieben.',
    en: 'What tells about revocation is signed with an algorithm that is not accepted.',
  },
  'problem.revocation/signer': {
    de: 'Die Auskunft über Sperrungen stammt von jemandem, der sie nicht geben darf.',
    en: 'What tells about revocation comes from somebody who may not tell it.',
  },
  'problem.revocation/not-covered': {
    de: 'Die Auskunft über Sperrungen gilt nicht oder nicht ganz für dieses Zertifikat.',
    en: 'What tells about revocation is not, or not wholly, about this certificate.',
  },
  'problem.revocation/critical-extension': {
    de: 'Die Auskunft über Sperrungen enthält eine wichtige Erweiterung, die nicht verstanden wird.',
    en: 'What tells about revocation has a critical extension that is not understood.',
  },
  'problem.revocation/unreadable': {
    de: 'Eine Sperrliste ist nicht lesbar.',
    en: 'A list of revoked certificates cannot be read.',
  },
  'problem.revocation/responder-error': {
    de: 'Der Auskunftsdienst hat die Frage nach einer Sperrung nicht beantwortet.',
    en: 'The responder did not answer whether the certificate is revoked.',
  },
  'problem.revocation/not-known': {
    de: 'Der Auskunftsdienst kennt das Zertifikat nicht.',
    en: 'The responder does not know the certificate.',
  },
  'problem.revocation/nonce': {
    de: 'Der Auskunftsdienst hat auf eine andere Frage geantwortet.',
    en: 'The responder answered another question.',
  },
  'problem.author/mismatch': {
    de: 'Die Absenderadresse steht nicht im Zertifikat des Unterzeichners.',
    en: 'The sender’s address is not in the signer’s certificate.',
  },
  'problem.author/unclear': {
    de: 'Die Mail nennt keinen oder mehrere Absender.',
    en: 'The mail names no sender or several.',
  },
  'problem.author/case-differs': {
    de: 'Absenderadresse und Zertifikat unterscheiden sich in Groß- und Kleinschreibung.',
    en: 'The sender’s address and the certificate differ in upper and lower case.',
  },
  'problem.author/sender-differs': {
    de: 'Die Mail wurde von einer anderen Adresse im Auftrag versandt.',
    en: 'The mail was sent by another address on behalf of the sender.',
  },
  'problem.author/unknown': {
    de: 'Es ist kein Absender bekannt, mit dem sich das Zertifikat vergleichen ließe.',
    en: 'No sender is known to compare the certificate with.',
  },
  'problem.layer/outside-encryption': {
    de: 'Eine Signatur liegt außen um die Verschlüsselung; sie sagt nichts darüber, wer den Inhalt schrieb.',
    en: 'One signature lies outside the encryption; it says nothing about who wrote the content.',
  },

  // Errors: why something could not be done
  'error.other': { de: 'Das ging nicht ({code}).', en: 'This did not work ({code}).' },
  'error.malformed/asn1': {
    de: 'Die S/MIME-Daten sind beschädigt.',
    en: 'The S/MIME data is damaged.',
  },
  'error.malformed/cms': {
    de: 'Die S/MIME-Daten sind beschädigt.',
    en: 'The S/MIME data is damaged.',
  },
  'error.malformed/mime': {
    de: 'Die Mail ist fehlerhaft aufgebaut.',
    en: 'The mail is malformed.',
  },
  'error.malformed/certificate': {
    de: 'Das ist kein lesbares Zertifikat.',
    en: 'This is no readable certificate.',
  },
  'error.malformed/crl': {
    de: 'Die Sperrliste ist nicht lesbar.',
    en: 'The list of revoked certificates cannot be read.',
  },
  'error.malformed/ocsp': {
    de: 'Die Antwort des Auskunftsdienstes ist nicht lesbar.',
    en: 'The answer of the revocation responder cannot be read.',
  },
  'error.malformed/key': {
    de: 'Der private Schlüssel ist nicht lesbar.',
    en: 'The private key cannot be read.',
  },
  'error.malformed/p12': {
    de: 'Das ist keine lesbare .p12-Datei, oder sie ist beschädigt.',
    en: 'This is no readable .p12 file, or it is damaged.',
  },
  'error.malformed/record': {
    de: 'Ein gespeicherter Eintrag ist beschädigt.',
    en: 'A stored record is damaged.',
  },
  'error.unsupported/algorithm': {
    de: 'Das Verfahren {algorithm} wird nicht unterstützt.',
    en: 'The algorithm {algorithm} is not supported.',
  },
  'error.unsupported/structure': {
    de: 'Diese Art von S/MIME-Daten wird nicht unterstützt: {structure}.',
    en: 'This kind of S/MIME data is not supported: {structure}.',
  },
  'error.unsupported/feature': {
    de: 'Das wird noch nicht unterstützt: {feature}.',
    en: 'This is not supported yet: {feature}.',
  },
  'error.limit/input-bytes': {
    de: 'Die Datei ist zu groß.',
    en: 'The file is too large.',
  },
  'error.limit/asn1-depth': {
    de: 'Die Daten sind zu tief verschachtelt.',
    en: 'The data is nested too deeply.',
  },
  'error.limit/asn1-values': {
    de: 'Die Daten bestehen aus zu vielen Teilen.',
    en: 'The data has too many values.',
  },
  'error.limit/mime-depth': {
    de: 'Die Mail ist zu tief verschachtelt.',
    en: 'The mail is nested too deeply.',
  },
  'error.limit/header-fields': {
    de: 'Die Mail hat zu viele Kopfzeilen.',
    en: 'The mail has too many header fields.',
  },
  'error.limit/recipients': {
    de: 'Die Mail hat zu viele Empfänger.',
    en: 'The mail has too many recipients.',
  },
  'error.limit/certificates': {
    de: 'Es sind zu viele Zertifikate.',
    en: 'There are too many certificates.',
  },
  'error.limit/signers': {
    de: 'Die Mail hat zu viele Unterzeichner.',
    en: 'The mail has too many signers.',
  },
  'error.limit/crl-bytes': {
    de: 'Die Sperrliste ist zu groß.',
    en: 'The list of revoked certificates is too large.',
  },
  'error.limit/ocsp-bytes': {
    de: 'Die Antwort des Auskunftsdienstes ist zu groß.',
    en: 'The answer of the revocation responder is too large.',
  },
  'error.limit/kdf-iterations': {
    de: 'Die Datei verlangt übermäßig viel Rechenzeit, um das Kennwort zu prüfen.',
    en: 'The file asks for an excessive amount of work to check the password.',
  },
  'error.limit/decompressed-bytes': {
    de: 'Entpackt ist die Mail übermäßig groß.',
    en: 'Decompressed, the mail is excessively large.',
  },
  'error.limit/compression-ratio': {
    de: 'Die Mail ist so stark gepackt, dass es nach einem Angriff aussieht.',
    en: 'The mail is compressed so heavily that it looks like an attack.',
  },
  'error.limit/kdf-memory': {
    de: 'Die Datei verlangt übermäßig viel Speicher, um das Kennwort zu prüfen.',
    en: 'The file asks for an excessive amount of memory to check the password.',
  },
  'error.p12/wrong-password': {
    de: 'Das Kennwort passt nicht zur Datei.',
    en: 'The password does not open the file.',
  },
  'error.decrypt/failed': {
    de: 'Die Mail konnte nicht entschlüsselt werden.',
    en: 'The mail could not be decrypted.',
  },
  'error.decrypt/no-recipient': {
    de: 'Die Mail wurde nicht für einen Ihrer verfügbaren Schlüssel verschlüsselt.',
    en: 'The mail was not encrypted for any of the keys you have at hand.',
  },
  'error.decompress/not-compressed': {
    de: 'Die Mail ist nicht gepackt.',
    en: 'The mail is not compressed.',
  },
  'error.decrypt/not-encrypted': {
    de: 'Die Mail ist nicht verschlüsselt.',
    en: 'The mail is not encrypted.',
  },
  'error.refused/signer': {
    de: 'Mit diesem Zertifikat kann nicht signiert werden.',
    en: 'This certificate cannot be used to sign.',
  },
  'error.refused/recipient': {
    de: 'An einen der Empfänger kann mit seinem Zertifikat nicht verschlüsselt werden.',
    en: 'The certificate of a recipient cannot be used to encrypt.',
  },
  'error.refused/external-key': {
    de: 'Der Schlüssel liegt außerhalb dieses Programms, etwa auf einer Karte, und lässt sich dafür nicht verwenden.',
    en: 'The key is outside of this program, on a card for example, and can\'t be used for this.',
  },
  'error.identity/external-failed': {
    de: 'Die Karte oder der Dienst mit Ihrem Schlüssel hat nicht wie erwartet geantwortet.',
    en: 'The card or service that holds your key did not answer as expected.',
  },
  'error.identity/closed': {
    de: 'Der Schlüssel wurde geschlossen. Entsperren Sie ihn erneut.',
    en: 'The key was closed. Unlock it again.',
  },
  'error.identity/lost': {
    de: 'Der Schlüssel ging bei einem Neustart verloren. Entsperren Sie ihn erneut.',
    en: 'The key was lost in a restart. Unlock it again.',
  },
  'error.identity/locked': {
    de: 'Der Schlüssel ist gesperrt.',
    en: 'The key is locked.',
  },
  'error.usage/unknown-option': {
    de: 'Fehler der Anwendung: unbekannte Angabe „{option}“.',
    en: 'Fault of the application: unknown option “{option}”.',
  },
  'error.usage/missing-option': {
    de: 'Fehler der Anwendung: „{option}“ fehlt.',
    en: 'Fault of the application: “{option}” is missing.',
  },
  'error.usage/wrong-option': {
    de: 'Fehler der Anwendung: „{option}“ muss {expected} sein.',
    en: 'Fault of the application: “{option}” has to be {expected}.',
  },
  'error.usage/unknown-verb': {
    de: 'Fehler der Anwendung: „{verb}“ gibt es nicht.',
    en: 'Fault of the application: there is no “{verb}”.',
  },
  'error.aborted': { de: 'Abgebrochen.', en: 'Cancelled.' },
  'error.store/wrong-passphrase': {
    de: 'Die Passphrase ist falsch.',
    en: 'The passphrase is wrong.',
  },
  'error.store/seal-broken': {
    de: 'Der gespeicherte Schlüssel wurde verändert und lässt sich nicht mehr öffnen.',
    en: 'The stored key was altered and cannot be opened any more.',
  },
  'error.store/conflict': {
    de: 'Ein anderer Tab hat das inzwischen geändert. Versuchen Sie es noch einmal.',
    en: 'Another tab changed this in the meantime. Try again.',
  },
  'error.store/not-found': {
    de: 'Diesen Eintrag gibt es nicht mehr.',
    en: 'This entry does not exist any more.',
  },
  'error.store/newer-schema': {
    de: 'Die Datenbank stammt von einer neueren Version. Laden Sie die Seite neu.',
    en: 'The database was written by a newer version. Reload the page.',
  },
  'error.store/quota': {
    de: 'Der Browser hat keinen Platz mehr.',
    en: 'The browser has no room left.',
  },
  'error.store/blocked': {
    de: 'Ein anderer Tab hält die Datenbank offen. Schließen Sie ihn.',
    en: 'Another tab keeps the database open. Close it.',
  },
  'error.store/unavailable': {
    de: 'Dieser Browser erlaubt hier keine Datenbank (vielleicht ein privates Fenster). Nichts wird gespeichert.',
    en: 'This browser allows no database here (a private window perhaps). Nothing will be stored.',
  },
  'error.store/failed': {
    de: 'Die Datenbank des Browsers hat versagt.',
    en: 'The browser’s database failed.',
  },
  'error.store/closed': {
    de: 'Die Datenbank wurde geschlossen. Laden Sie die Seite neu.',
    en: 'The database was closed. Reload the page.',
  },
  'error.internal/load': {
    de: 'Ein Teil der Anwendung konnte nicht geladen werden. Versuchen Sie es noch einmal.',
    en: 'A part of the application could not be loaded. Try again.',
  },
  'error.internal/trap': {
    de: 'Ein innerer Fehler ist aufgetreten; die Schlüssel müssen neu entsperrt werden.',
    en: 'An internal fault occurred; the keys have to be unlocked again.',
  },
  'error.internal/fault': {
    de: 'Ein innerer Fehler ist aufgetreten. Laden Sie die Seite neu.',
    en: 'An internal fault occurred. Reload the page.',
  },
  'error.file/unknown': {
    de: '„{name}“ ist weder Mail noch Schlüssel noch Zertifikat.',
    en: '“{name}” is neither a mail nor a key nor a certificate.',
  },
};
