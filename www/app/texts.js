// Every text of the demo, in both languages side by side. tests/browser/demo-texts.test.mjs holds that
// none is missing and that both take the same values. The sentences for what the package answers are the
// package's own.

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
  'app.unknown-file': {
    de: '„{name}“ ist weder Mail noch Schlüssel noch Zertifikat.',
    en: '“{name}” is neither a mail nor a key nor a certificate.',
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
  'detail.revocation': { de: 'Widerruf', en: 'Revocation' },
  'detail.revocation.good': { de: 'nicht widerrufen', en: 'not revoked' },
  'detail.revocation.revoked': { de: 'widerrufen', en: 'revoked' },
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
    de: 'Signaturen gelten, wenn ihr Zertifikat auf eines von diesen zurückgeht, oder auf eine Stelle, der Mozilla für E-Mail vertraut.',
    en: 'A signature counts when its certificate leads to one of these, or to an authority that Mozilla trusts for e-mail.',
  },
  'certificates.anchors.none': {
    de: 'Keine eigenen. Ziehen Sie das Zertifikat einer Stelle, der Sie vertrauen, auf diese Seite.',
    en: 'None of your own. Drop the certificate of an authority you trust on this page.',
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
  'certificates.details': { de: 'Einzelheiten', en: 'Details' },
  'certificates.details.validation': { de: 'Geprüft', en: 'Validated' },
  'certificates.details.class': { de: 'Klasse', en: 'Class' },
  'certificates.details.subject': { de: 'Inhaber', en: 'Subject' },
  'certificates.details.issuer': { de: 'Aussteller', en: 'Issuer' },
  'certificates.details.refused': { de: 'Keine Adresse', en: 'No address' },
  'certificates.details.key': { de: 'Schlüssel', en: 'Key' },
  'certificates.details.usages': { de: 'Verwendung', en: 'Usages' },
  'certificates.details.policies': { de: 'Richtlinien', en: 'Policies' },
  'certificates.details.capabilities': { de: 'Liest', en: 'Reads' },
  'certificates.details.crls': { de: 'Sperrlisten', en: 'CRLs' },
  'certificates.details.ocsp': { de: 'OCSP', en: 'OCSP' },
  'certificates.details.ca-issuers': { de: 'Zertifikat des Ausstellers', en: 'Issuer’s certificate' },
  'certificates.details.signature': { de: 'Signatur', en: 'Signature' },
  'certificates.details.serial': { de: 'Seriennummer', en: 'Serial number' },
  'certificates.details.sha-1': { de: 'SHA-1', en: 'SHA-1' },
  'certificates.details.extensions': { de: 'Erweiterungen (* kritisch)', en: 'Extensions (* critical)' },
  'certificates.validation.mailbox': { de: 'nur das Postfach', en: 'the mailbox only' },
  'certificates.validation.organization': { de: 'die Organisation', en: 'the organization' },
  'certificates.validation.sponsor': {
    de: 'die Organisation, die für die Person bürgt',
    en: 'the organization, which vouches for the person',
  },
  'certificates.validation.individual': { de: 'die Person', en: 'the person' },
  'certificates.validation.by-policy': { de: 'nach seiner Richtlinie', en: 'by its policy' },
  'certificates.validation.by-subject': { de: 'nach seinem Inhaber', en: 'as its subject reads' },
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

  // What the page itself finds
  'problem.layer/outside-encryption': {
    de: 'Eine Signatur liegt außen um die Verschlüsselung; sie sagt nichts darüber, wer den Inhalt schrieb.',
    en: 'One signature lies outside the encryption; it says nothing about who wrote the content.',
  },
};
