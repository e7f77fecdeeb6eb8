// One sentence for each code, in each language; texts.js fills in the details.
//
// Whoever reads these works in an office: say what is wrong, about whom, and what would help. A part in
// square brackets is left out where a detail it names is missing, so a sentence has to be one without
// them too. `{name}` stands for a detail, `{name:format}` for one in a format of texts.js or of `words`.
// tests/package/texts.test.mjs holds that every code is here and every detail is one the core gives.

export const catalogue = {
  // PKCS#12 files
  'p12/no-mac': {
    de: 'Die Schlüsseldatei hat keine Prüfsumme; ob sie vollständig und unverändert ist, lässt sich nicht sagen.',
    en: 'The key file has no checksum; whether it is complete and unchanged cannot be told.',
  },
  'p12/weak-cipher': {
    de: 'Die Schlüsseldatei ist mit einem veralteten Verfahren[ ({cipher:algorithm})] verschlüsselt. Bewahren Sie sie sicher auf.',
    en: 'The key file is encrypted with an outdated cipher[ ({cipher:algorithm})]. Keep it in a safe place.',
  },
  'p12/no-key': {
    de: 'Die Datei enthält keinen privaten Schlüssel, nur Zertifikate. Zum Signieren und Entschlüsseln wird eine Datei mit Schlüssel gebraucht.',
    en: 'The file holds no private key, only certificates. To sign and to decrypt, a file with a key is needed.',
  },
  'p12/key-without-certificate': {
    de: 'Ein Schlüssel in der Datei wurde ausgelassen, weil das Zertifikat dazu fehlt.',
    en: 'A key in the file was left out because its certificate is missing.',
  },
  'p12/unsupported-key': {
    de: 'Ein Schlüssel in der Datei wurde ausgelassen, weil Schlüssel seiner Art nicht unterstützt werden.',
    en: 'A key in the file was left out because keys of its kind are not supported.',
  },
  'p12/bag-skipped': {
    de: 'Ein Teil der Datei wurde ausgelassen, weil er nicht lesbar oder nicht für Mail gedacht ist.',
    en: 'A part of the file was left out because it is unreadable or not meant for mail.',
  },
  'p12/wrong-password': {
    de: 'Das Kennwort passt nicht zur Datei. Achten Sie auf Groß- und Kleinschreibung.',
    en: 'The password does not open the file. Mind upper and lower case.',
  },
  'p12/key-file': {
    de: 'Das ist eine Schlüsseldatei. Sie wird als eigener Schlüssel importiert, mit ihrem Kennwort.',
    en: 'This is a key file. It is imported as a key of your own, with its password.',
  },
  'archive/added': {
    de: 'Damit diese Nachricht für das Unternehmen lesbar bleibt, wird sie auch für das Archiv verschlüsselt aufbewahrt[: {certificates}].',
    en: 'So that the company can read this message later, it is kept encrypted for the archive too[: {certificates}].',
  },
  'archive/not-added': {
    de: 'Die Nachricht wurde nicht auch für das Archiv verschlüsselt[, denn {reason:archiving}]. Sie bleibt, wie sie ist.',
    en: 'The message was not encrypted for the archive too[, because {reason:archiving}]. It stays as it is.',
  },
  'reminder/ends-soon': {
    de: 'Ihr Zertifikat[ für {address}] läuft bald ab[, am {notAfter}]. Importieren Sie das neue. Das alte bleibt, damit Sie ältere Mails weiter lesen können.',
    en: 'Your certificate[ for {address}] ends soon[, on {notAfter}]. Import the new one. The old one stays, so that you can still read older mail.',
  },
  'reminder/ended': {
    de: 'Ihr Zertifikat[ für {address}] ist[ am {notAfter}] abgelaufen, und Sie können damit nicht mehr signieren. Importieren Sie das neue. Das alte bleibt, damit Sie ältere Mails weiter lesen können.',
    en: 'Your certificate[ for {address}] expired[ on {notAfter}], and you can no longer sign with it. Import the new one. The old one stays, so that you can still read older mail.',
  },
  'import/no-account': {
    de: 'Das Zertifikat gehört zu keinem Ihrer Konten[: {addresses}]. Es ist gespeichert und wird verwendet, sobald es ein Konto mit dieser Adresse gibt.',
    en: 'The certificate belongs to none of your accounts[: {addresses}]. It is stored, and will be used once there is an account with this address.',
  },
  'import/untrusted': {
    de: 'Das Zertifikat stammt von keiner Stelle, der hier vertraut wird[: {issuer:name}]. Es ist gespeichert, aber signiert wird damit nur, wenn Sie es ausdrücklich wählen.',
    en: 'The certificate is from no authority that is trusted here[: {issuer:name}]. It is stored, but nothing is signed with it unless you choose it yourself.',
  },
  'import/expired': {
    de: 'Das Zertifikat ist[ am {notAfter}] abgelaufen. Alte Mails lassen sich damit weiter lesen; zum Signieren brauchen Sie ein neues.',
    en: 'The certificate expired[ on {notAfter}]. Old mail can still be read with it; to sign, you need a new one.',
  },

  // Encryption
  'cipher/no-integrity': {
    de: 'Diese Verschlüsselung schützt vor Mitlesen, aber nicht davor, dass jemand den Inhalt unterwegs verändert.',
    en: 'This encryption keeps others from reading the content, but not from changing it on its way.',
  },
  'cipher/weak': {
    de: 'Die Mail ist mit einem veralteten Verfahren[ ({cipher:algorithm})] verschlüsselt, das nicht mehr als sicher gilt. Der Absender sollte sein Mailprogramm erneuern.',
    en: 'The mail is encrypted with an outdated cipher[ ({cipher:algorithm})] that is no longer considered safe. The sender should update their mail program.',
  },
  'cipher/weak-key': {
    de: 'Der Schlüssel, für den die Mail verschlüsselt ist, ist zu kurz[ ({bits} Bit)] und gilt nicht mehr als sicher. Besorgen Sie sich ein neues Zertifikat.',
    en: 'The key that the mail is encrypted for is too short[ ({bits} bits)] and no longer considered safe. Get a new certificate.',
  },
  'decrypt/key-locked': {
    de: 'Die Mail ist für Ihren Schlüssel[ („{subject:name}“, gültig bis {notAfter})] verschlüsselt, und der ist gesperrt. Entsperren Sie ihn, um sie zu lesen.',
    en: 'The mail is encrypted for your key[ (“{subject:name}”, valid until {notAfter})], which is locked. Unlock it to read the mail.',
  },
  'decrypt/for-certificates': {
    de: 'Die Mail ist für Zertifikate verschlüsselt, deren Schlüssel hier nicht vorhanden sind[: {certificates}]. Importieren Sie den passenden Schlüssel, wenn Sie ihn noch haben.',
    en: 'The mail is encrypted for certificates whose keys are not here[: {certificates}]. Import the key that fits if you still have it.',
  },
  'decrypt/key-removed': {
    de: 'Die Mail ist für Ihr Zertifikat[ von „{subject:name}“] verschlüsselt, dessen Schlüssel nicht hier ist. Importieren Sie ihn, um sie zu lesen.',
    en: 'The mail is encrypted for your certificate[ of “{subject:name}”] whose key is not here. Import it to read the mail.',
  },
  'decrypt/shared-without-key': {
    de: 'Die Mail kam verschlüsselt an das gemeinsame Konto[ {account}], das keinen Schlüssel hat. Bitten Sie den Absender um eine lesbare Mail.',
    en: 'The mail came encrypted to the shared account[ {account}], which has no key. Ask the sender for a mail that you can read.',
  },
  'cipher/gcm-in-enveloped-data': {
    de: 'Die Mail ist anders verpackt, als es ihr Verschlüsselungsverfahren vorsieht. Andere Programme können sie vielleicht nicht öffnen.',
    en: 'The mail is wrapped in another way than its cipher asks for. Other programs may not be able to open it.',
  },
  'decrypt/failed': {
    de: 'Die Mail konnte nicht entschlüsselt werden. Bitten Sie den Absender, sie noch einmal zu senden.',
    en: 'The mail could not be decrypted. Ask the sender to send it again.',
  },
  'decrypt/no-recipient': {
    de: 'Die Mail wurde nicht für einen Ihrer verfügbaren Schlüssel verschlüsselt. Vielleicht fehlt hier ein älterer Schlüssel, oder der Absender hat ein anderes Zertifikat verwendet.',
    en: 'The mail was not encrypted for any of the keys you have at hand. An older key may be missing here, or the sender used another certificate.',
  },
  'decrypt/not-encrypted': {
    de: 'Die Mail ist nicht verschlüsselt.',
    en: 'The mail is not encrypted.',
  },
  'decrypt/not-mail': {
    de: 'Darin sind Schlüssel und keine Mail. Jemand hat sie vielleicht geschickt, um an sie zu kommen: Geben Sie nichts davon weiter.',
    en: 'There are keys in it, and no mail. Somebody may have sent it to get at them: pass nothing of it on.',
  },
  'decompress/not-compressed': {
    de: 'Die Mail ist nicht gepackt.',
    en: 'The mail is not compressed.',
  },

  // Signatures
  'signature/content-altered': {
    de: 'Der Inhalt wurde nach dem Signieren verändert. Verlassen Sie sich nicht darauf, und fragen Sie beim Absender nach.',
    en: 'The content was changed after it was signed. Do not rely on it, and ask the sender.',
  },
  'signature/invalid': {
    de: 'Die Signatur passt nicht zum Zertifikat des Unterzeichners: Sie ist beschädigt oder gefälscht. Fragen Sie beim Absender nach.',
    en: 'The signature does not fit the signer’s certificate: it is damaged or forged. Ask the sender.',
  },
  'signature/no-certificate': {
    de: 'Die Signatur konnte nicht geprüft werden, weil das Zertifikat des Unterzeichners fehlt. Bitten Sie den Absender, es mitzusenden.',
    en: 'The signature could not be checked because the signer’s certificate is missing. Ask the sender to send it along.',
  },
  'signature/weak-digest': {
    de: 'Die Signatur beruht auf einem Verfahren[ ({digest:algorithm})], das nicht mehr als sicher gilt; sie könnte gefälscht sein.',
    en: 'The signature rests on an algorithm[ ({digest:algorithm})] that is no longer considered safe; it could be forged.',
  },
  'signature/unsupported-algorithm': {
    de: 'Die Signatur konnte nicht geprüft werden, weil ihr Verfahren[ ({algorithm:algorithm})] nicht unterstützt wird.',
    en: 'The signature could not be checked because its algorithm[ ({algorithm:algorithm})] is not supported.',
  },
  'signature/weak-key': {
    de: 'Der Schlüssel des Unterzeichners ist[ mit {bits} Bit] zu kurz; die Signatur könnte gefälscht sein.',
    en: 'The signer’s key is too short[, at {bits} bits]; the signature could be forged.',
  },
  'signature/malformed-attributes': {
    de: 'Die Angaben, die zusammen mit dem Inhalt signiert wurden, sind fehlerhaft; deshalb zählt die Signatur nicht.',
    en: 'The information that was signed along with the content is faulty; therefore the signature does not count.',
  },
  'signature/time-outside-validity': {
    de: 'Die Signatur nennt eine Zeit[ ({signingTime:time})], zu der das Zertifikat nicht gültig war.',
    en: 'The signature claims a time[ ({signingTime:time})] at which the certificate was not valid.',
  },
  'signature/date-differs': {
    de: 'Zwischen dem Datum der Mail[ ({date:time})] und der Zeit der Signatur[ ({signingTime:time})] liegt mehr als eine Stunde. Vielleicht hat jemand eine ältere signierte Mail mit anderem Betreff oder Datum noch einmal verschickt.',
    en: 'The date of the mail[ ({date:time})] and the time of the signature[ ({signingTime:time})] are more than an hour apart. Somebody may have sent an older signed mail again with another subject or date.',
  },
  'signature/line-ends-converted': {
    de: 'Die Zeilenenden wurden unterwegs umgewandelt; davon abgesehen ist der Inhalt unverändert.',
    en: 'The line ends were converted on the way; apart from that the content is unchanged.',
  },
  'signature/content-type': {
    de: 'Signiert wurde etwas anderes als eine Mail, etwa ein Zeitstempel.',
    en: 'What was signed is something other than a mail, such as a time stamp.',
  },
  'signature/embedded-content': {
    de: 'In der Signatur steckt ein zweiter Inhalt, der nicht der angezeigte ist; deshalb zählt sie nicht. Fragen Sie beim Absender nach.',
    en: 'The signature carries a second content that is not the one shown; therefore it does not count. Ask the sender.',
  },
  'signature/removed': {
    de: 'Der Absender hat mehrfach signiert, und eine seiner Signaturen fehlt. Jemand kann sie entfernt haben.',
    en: 'The sender signed in several ways, and one of these signatures is missing. Somebody may have removed it.',
  },
  'signature/countersignature-unreadable': {
    de: 'Eine zweite Signatur, die diese bestätigen soll, ist nicht lesbar.',
    en: 'A second signature, meant to confirm this one, cannot be read.',
  },
  'certificate/unreadable': {
    de: 'Ein Zertifikat wurde ausgelassen, weil es nicht lesbar ist.',
    en: 'A certificate was left out because it cannot be read.',
  },

  // From a certificate to an authority that is trusted
  'path/unknown-issuer': {
    de: 'Die Stelle, von der das Zertifikat stammt[ („{issuer:name}“)], gehört nicht zu denen, denen Sie vertrauen. Vertrauen Sie ihr erst, wenn Sie ihr Zertifikat auf anderem Weg geprüft haben.',
    en: 'The authority that the certificate comes from[ (“{issuer:name}”)] is not among those you trust. Trust it only after you have checked its certificate in another way.',
  },
  'path/no-anchors': {
    de: 'Es ist noch keine Stelle festgelegt, der Sie vertrauen; deshalb lässt sich kein Zertifikat bestätigen.',
    en: 'No authority has been named yet that you trust; therefore no certificate can be confirmed.',
  },
  'path/expired': {
    de: 'Das Zertifikat[ von „{subject:name}“] ist[ am {notAfter}] abgelaufen. Für künftige Mails wird ein neues gebraucht.',
    en: 'The certificate[ of “{subject:name}”] expired[ on {notAfter}]. Future mail needs a new one.',
  },
  'path/not-yet-valid': {
    de: 'Das Zertifikat[ von „{subject:name}“] ist noch nicht gültig[, sondern erst ab {notBefore}]. Prüfen Sie auch, ob die Uhr Ihres Geräts stimmt.',
    en: 'The certificate[ of “{subject:name}”] is not valid yet[, but only from {notBefore}]. Check the clock of your device too.',
  },
  'path/bad-signature': {
    de: 'Das Zertifikat[ von „{subject:name}“] trägt nicht die Signatur der Stelle, die es ausgestellt haben soll. Es ist beschädigt oder gefälscht.',
    en: 'The certificate[ of “{subject:name}”] does not bear the signature of the authority said to have issued it. It is damaged or forged.',
  },
  'path/not-a-ca': {
    de: 'Ein Zertifikat wurde von jemandem ausgestellt, der keine Zertifikate ausstellen darf[: „{subject:name}“].',
    en: 'A certificate was issued by somebody who is not allowed to issue certificates[: “{subject:name}”].',
  },
  'path/too-long': {
    de: 'Zwischen dem Zertifikat und der Stelle, der Sie vertrauen, stehen zu viele andere Stellen[: „{subject:name}“ erlaubt höchstens {allowed}].',
    en: 'There are too many other authorities between the certificate and the one you trust[: “{subject:name}” allows at most {allowed}].',
  },
  'path/key-usage': {
    de: 'Das Zertifikat[ von „{subject:name}“] ist für diesen Zweck nicht bestimmt; vielleicht gilt es nur zum Signieren oder nur zum Verschlüsseln.',
    en: 'The certificate[ of “{subject:name}”] is not meant for this use; it may be for signing only or for encryption only.',
  },
  'path/extended-key-usage': {
    de: 'Das Zertifikat[ von „{subject:name}“] ist nicht für Mail bestimmt, sondern für etwas anderes, etwa für Webserver.',
    en: 'The certificate[ of “{subject:name}”] is not meant for mail but for something else, such as web servers.',
  },
  'path/critical-extension': {
    de: 'Das Zertifikat[ von „{subject:name}“] stellt eine Bedingung[ ({extension})], die dieses Programm nicht kennt; deshalb gilt es hier nicht.',
    en: 'The certificate[ of “{subject:name}”] makes a condition[ ({extension})] that this program does not know; therefore it does not count here.',
  },
  'path/algorithm': {
    de: 'Das Zertifikat[ von „{subject:name}“] ist mit einem Verfahren[ ({algorithm:algorithm})] signiert, das unsicher oder hier unbekannt ist.',
    en: 'The certificate[ of “{subject:name}”] is signed with an algorithm[ ({algorithm:algorithm})] that is unsafe or not known here.',
  },
  'path/budget': {
    de: 'Die Prüfung des Zertifikats wurde abgebrochen, weil sie zu aufwendig war[; erreicht ist die Grenze für {limit:limit}][ ({allowed})].',
    en: 'Checking the certificate was ended because it took too much[; the limit for {limit:limit} is reached][ ({allowed})].',
  },
  'path/name-constraints': {
    de: 'Die Stelle, die das Zertifikat[ von „{subject:name}“] ausgestellt hat, darf das für diesen Namen oder diese Adresse nicht[: {name}].',
    en: 'The authority that issued the certificate[ of “{subject:name}”] is not allowed to do so for this name or address[: {name}].',
  },
  'path/policy': {
    de: 'Das Zertifikat[ von „{subject:name}“] wurde nicht nach den Richtlinien ausgestellt, die hier verlangt werden.',
    en: 'The certificate[ of “{subject:name}”] was not issued under the policies that are required here.',
  },
  'path/malformed-extension': {
    de: 'Das Zertifikat[ von „{subject:name}“] ist fehlerhaft: Eine Angabe[ ({extension})], auf die es ankommt, ist nicht lesbar.',
    en: 'The certificate[ of “{subject:name}”] is faulty: an entry that matters[ ({extension})] cannot be read.',
  },
  'path/anchor-purpose': {
    de: 'Der Stelle[ „{anchor:name}“], von der das Zertifikat stammt, wird nur für Mail vertraut, und hier geht es um etwas anderes.',
    en: 'The authority[ “{anchor:name}”] that the certificate comes from is trusted for mail only, and this is something else.',
  },
  'path/anchor-address': {
    de: 'Der Stelle[ „{anchor:name}“], von der das Zertifikat stammt, wird nur für bestimmte Adressen vertraut[ ({permitted})], nicht für diese[: {addresses}].',
    en: 'The authority[ “{anchor:name}”] that the certificate comes from is trusted for certain addresses only[ ({permitted})], not for this one[: {addresses}].',
  },
  'path/anchor-distrusted': {
    de: 'Der Stelle[ „{anchor:name}“], von der das Zertifikat stammt, wird für neuere Zertifikate nicht mehr vertraut[: nur für solche bis {after}][, und dieses ist vom {notBefore}].',
    en: 'The authority[ “{anchor:name}”] that the certificate comes from is no longer trusted for newer certificates[: only for those up to {after}][, and this one is of {notBefore}].',
  },

  // Revocation
  'revocation/revoked': {
    de: 'Das Zertifikat[ von „{subject:name}“] wurde[ am {revokedAt}] widerrufen[: {reason:revocation}]. Es soll nicht mehr verwendet werden.',
    en: 'The certificate[ of “{subject:name}”] was revoked[ on {revokedAt}][: {reason:revocation}]. It must not be used any more.',
  },
  'revocation/unknown': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Darüber liegt keine Auskunft vor.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: there is no information about this.',
  },
  'revocation/stale': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die Auskunft darüber ist veraltet[ (gültig bis {nextUpdate:time})].',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the information about this is out of date[ (valid until {nextUpdate:time})].',
  },
  'revocation/not-yet-valid': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die Auskunft darüber trägt ein Datum in der Zukunft[ ({thisUpdate:time})]. Prüfen Sie, ob die Uhr Ihres Geräts stimmt.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the information about this is dated in the future[ ({thisUpdate:time})]. Check the clock of your device.',
  },
  'revocation/bad-signature': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die Auskunft darüber ist beschädigt oder gefälscht.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the information about this is damaged or forged.',
  },
  'revocation/algorithm': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die Auskunft darüber ist mit einem Verfahren[ ({algorithm:algorithm})] signiert, das unsicher oder hier unbekannt ist.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the information about this is signed with an algorithm[ ({algorithm:algorithm})] that is unsafe or not known here.',
  },
  'revocation/signer': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die Auskunft darüber kommt von einer Stelle, die unbekannt ist oder sie nicht geben darf.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the information about this comes from somebody who is unknown or not entitled to give it.',
  },
  'revocation/not-covered': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die vorliegende Auskunft betrifft es nicht oder nur zum Teil.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the information that is there is not, or only in part, about this certificate.',
  },
  'revocation/critical-extension': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die Auskunft darüber stellt eine Bedingung[ ({extension})], die dieses Programm nicht kennt.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the information about this makes a condition[ ({extension})] that this program does not know.',
  },
  'revocation/unreadable': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die Auskunft darüber ist nicht lesbar.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the information about this cannot be read.',
  },
  'revocation/responder-error': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Der Auskunftsdienst hat die Frage nicht beantwortet[; {status:responder}].',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the service that gives this information did not answer the question[; {status:responder}].',
  },
  'revocation/not-known': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Der Auskunftsdienst kennt es nicht.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the service that gives this information does not know it.',
  },
  'revocation/nonce': {
    de: 'Es ist nicht bekannt, ob das Zertifikat[ von „{subject:name}“] widerrufen ist: Die Antwort des Auskunftsdienstes gehört zu einer anderen Frage.',
    en: 'It is not known whether the certificate[ of “{subject:name}”] is revoked: the service that gives this information answered another question.',
  },

  // The sender
  'trust/distrusted': {
    de: 'Dem Zertifikat oder seiner ausstellenden Stelle wurde hier von Hand das Vertrauen entzogen.',
    en: 'Somebody here decided not to trust the certificate or its authority.',
  },
  'trust/new-certificate': {
    de: 'Das Zertifikat des Absenders ist neu, und neuen Zertifikaten wird hier nicht von selbst vertraut. Prüfen Sie es, und übernehmen Sie es dann.',
    en: 'The sender’s certificate is new, and new certificates are not trusted by themselves here. Check it, then accept it.',
  },
  'trust/changed-certificate': {
    de: 'Der Absender verwendet ein anderes Zertifikat als bisher. Fragen Sie ihn auf anderem Weg, ob das stimmt, und übernehmen Sie es dann.',
    en: 'The sender uses another certificate than before. Ask them in another way whether that is right, then accept it.',
  },
  'trust/no-answer': {
    de: 'Die ausstellende Stelle hat nicht gesagt, ob das Zertifikat noch gilt, und ohne Antwort wird ihm hier nicht vertraut. Versuchen Sie es später noch einmal.',
    en: 'The authority did not say whether the certificate is still good, and without an answer it is not trusted here. Try again later.',
  },
  'fetch/withheld': {
    de: 'Ob das Zertifikat gültig ist, wurde nicht im Netz erfragt: Die Anfrage hätte verraten, dass Sie diese Mail geöffnet haben.',
    en: 'Whether the certificate is good was not asked for on the network: that would have told that you opened this mail.',
  },
  'fetch/failed': {
    de: 'Etwas, woran sich das Zertifikat prüfen ließe, war[ unter {url}] nicht zu bekommen[: {reason:fetch}].',
    en: 'Something to check the certificate by could not be had[ from {url}][: {reason:fetch}].',
  },
  'certificate/other-address': {
    de: 'Das Zertifikat gilt nicht für die Adresse[ {address}][, sondern für {addresses}].',
    en: 'The certificate is not for the address[ {address}][, but for {addresses}].',
  },
  'certificate/assigned': {
    de: 'Dieses Zertifikat wurde von Hand zugeordnet[: {addresses}]. Es nennt diese Adressen nicht und dient nur zum Verschlüsseln an sie.',
    en: 'This certificate was assigned by hand[: {addresses}]. It does not name these addresses and only serves to encrypt for them.',
  },
  'certificate/no-address': {
    de: 'Das Zertifikat[ von {subject:name}] nennt keine Mailadresse. Ordnen Sie es einer Adresse oder Domain zu, um dorthin zu verschlüsseln.',
    en: 'The certificate[ of {subject:name}] names no mail address. Assign it to an address or a domain to encrypt for it.',
  },
  'author/mismatch': {
    de: 'Die Absenderadresse[ {from}] steht nicht im Zertifikat des Unterzeichners[, das für {addresses} gilt]. Die Mail kann von jemand anderem stammen.',
    en: 'The sender’s address[ {from}] is not in the signer’s certificate[, which is for {addresses}]. The mail may be from somebody else.',
  },
  'author/unclear': {
    de: 'Die Mail nennt keinen Absender oder mehrere[ ({from})]; deshalb ist unklar, mit wem die Signatur zu vergleichen ist.',
    en: 'The mail names no sender or several[ ({from})]; so it is unclear whom to compare the signature with.',
  },
  'author/case-differs': {
    de: 'Die Absenderadresse[ ({from})] und die Adresse im Zertifikat[ ({addresses})] unterscheiden sich in Groß- und Kleinschreibung.',
    en: 'The sender’s address[ ({from})] and the one in the certificate[ ({addresses})] differ in upper and lower case.',
  },
  'author/sender-differs': {
    de: 'Die Mail wurde von einer anderen Adresse[ ({sender})] im Namen des Absenders[ ({from})] verschickt.',
    en: 'The mail was sent by another address[ ({sender})] on behalf of the sender[ ({from})].',
  },
  'author/unknown': {
    de: 'Es ist kein Absender bekannt, mit dem sich das Zertifikat vergleichen ließe.',
    en: 'No sender is known to compare the certificate with.',
  },
  'layer/outside-encryption': {
    de: 'Eine Signatur liegt außen um die Verschlüsselung; sie sagt nichts darüber, wer den Inhalt schrieb.',
    en: 'One signature lies outside the encryption; it says nothing about who wrote the content.',
  },
  'layer/nested-signatures': {
    de: 'In der Signatur steckt noch eine, die nicht bestätigt ist oder jemand anderem gehört. Wer hier spricht, ist unklar.',
    en: 'Inside the signature there is another one that is not confirmed or is somebody else’s. It is unclear who is speaking.',
  },
  'layer/encrypted-part': {
    de: 'Nur ein Teil der Mail ist verschlüsselt. Er wurde nicht geöffnet, damit nichts von außen ihn mitlesen kann.',
    en: 'Only a part of the mail is encrypted. It was not opened, so that nothing around it can read it.',
  },
  'layer/signed-part': {
    de: 'Nur ein Teil der Mail ist signiert. Über den Rest sagt das nichts.',
    en: 'Only a part of the mail is signed. That says nothing about the rest.',
  },

  // Why a mail broke on its way
  'diagnosis/mailing-list': {
    de: 'Die Mail kam über eine Mailingliste[ ({list})]. Solche Listen ändern oft Mails, und das bricht Signaturen. Bitten Sie den Betreiber, signierte Mails unverändert zu verteilen.',
    en: 'The mail came over a mailing list[ ({list})]. Such lists often change mails, which breaks signatures. Ask its operator to pass on signed mails unchanged.',
  },
  'diagnosis/gateway': {
    de: 'Auf dem Weg waren Programme, die Mails ändern können, etwa ein Virenschutz oder eines, das Hinweise anfügt. Bitten Sie die Betreiber, signierte Mails davon auszunehmen.',
    en: 'On its way the mail passed programs that may change mails, such as a virus scanner or one that adds notices. Ask their operators to leave signed mails alone.',
  },
  'diagnosis/wrapped': {
    de: 'Die signierte oder verschlüsselte Mail steckt als Teil in einer anderen; wahrscheinlich hat eine Mailingliste oder ein Mailserver etwas darum gelegt. Was außen steht, ist durch nichts gesichert.',
    en: 'The signed or encrypted mail is a part of another one; probably a mailing list or a mail server has put something around it. Nothing protects what stands outside.',
  },
  'diagnosis/footer': {
    de: 'Unterwegs wurde der signierten Mail etwas hinzugefügt, zum Beispiel ein Hinweis am Ende; ohne das passt die Signatur. Bitten Sie den Absender, so zu signieren, dass der Inhalt in der Signatur steckt (opak), oder zu verschlüsseln.',
    en: 'On its way something was added to the signed mail, such as a notice at the end; without it the signature fits. Ask the sender to sign with the content inside the signature (opaque), or to encrypt.',
  },
  'diagnosis/transfer-encoding': {
    de: 'Ein Mailserver hat die Mail umkodiert; so, wie sie vorher war, passt die Signatur. Bitten Sie den Absender, so zu signieren, dass der Inhalt in der Signatur steckt (opak).',
    en: 'A mail server has encoded the mail in another way; as it was before, the signature fits. Ask the sender to sign with the content inside the signature (opaque).',
  },
  'diagnosis/white-space': {
    de: 'Unterwegs gingen wahrscheinlich nur Leerzeichen, Tabulatoren oder Leerzeilen verloren oder kamen hinzu, etwa am Zeilenende. Bitten Sie den Absender, so zu signieren, dass der Inhalt in der Signatur steckt (opak).',
    en: 'On its way the mail probably only lost or gained blanks, tabs or blank lines, such as at the ends of lines. Ask the sender to sign with the content inside the signature (opaque).',
  },
  'diagnosis/line-ends': {
    de: 'Unterwegs wurden die Zeilenenden verändert; mit den ursprünglichen passt die Signatur. Bitten Sie den Absender, so zu signieren, dass der Inhalt in der Signatur steckt (opak).',
    en: 'The line ends were changed on the way; with the original ones the signature fits. Ask the sender to sign with the content inside the signature (opaque).',
  },
  'diagnosis/line-starts': {
    de: 'Ein Mailserver hat Zeilen verändert, die mit „From“ oder einem Punkt beginnen; so, wie sie vorher waren, passt die Signatur. Bitten Sie den Absender, so zu signieren, dass der Inhalt in der Signatur steckt (opak).',
    en: 'A mail server has changed lines that begin with “From” or a dot; as they were before, the signature fits. Ask the sender to sign with the content inside the signature (opaque).',
  },
  'diagnosis/header': {
    de: 'Ein Mailserver hat Kopfzeilen innerhalb der signierten Mail neu geschrieben; so, wie sie vorher waren, passt die Signatur. Bitten Sie den Absender, so zu signieren, dass der Inhalt in der Signatur steckt (opak).',
    en: 'A mail server has rewritten header lines inside the signed mail; as they were before, the signature fits. Ask the sender to sign with the content inside the signature (opaque).',
  },
  'diagnosis/charset': {
    de: 'Ein Mailserver hat die Schriftzeichen der Mail anders gespeichert (Zeichensatz); so, wie sie vorher war, passt die Signatur. Bitten Sie den Absender, so zu signieren, dass der Inhalt in der Signatur steckt (opak).',
    en: 'A mail server has stored the characters of the mail in another way (character set); as it was before, the signature fits. Ask the sender to sign with the content inside the signature (opaque).',
  },
  'diagnosis/winmail': {
    de: 'Outlook hat die Mail in seinem eigenen Format (winmail.dat) geschickt, in dem sich Signaturen und Verschlüsselung nicht lesen lassen. Bitten Sie den Absender, als HTML oder Nur-Text zu senden.',
    en: 'Outlook has sent the mail in a format of its own (winmail.dat), in which signatures and encryption can’t be read. Ask the sender to send as HTML or plain text.',
  },
  'diagnosis/renamed': {
    de: 'Ein Anhang[ „{name}“] enthält signierte oder verschlüsselte Daten, ohne dass Name und Typ es sagen. Sie können ihn speichern und für sich öffnen.',
    en: 'An attachment[ “{name}”] holds signed or encrypted data, though its name and type do not say so. You can save it and open it by itself.',
  },
  'diagnosis/truncated': {
    de: 'Das Ende der Mail fehlt. Laden Sie sie noch einmal, oder bitten Sie den Absender, sie noch einmal zu schicken.',
    en: 'The end of the mail is missing. Download it again, or ask the sender to send it again.',
  },

  'store/altered': {
    de: 'Eine gespeicherte Einstellung oder Entscheidung wurde von fremder Hand geändert und gilt nicht mehr. Legen Sie sie neu fest.',
    en: 'A stored setting or decision was changed by somebody else and does not count any more. Choose again.',
  },
  'store/unbound': {
    de: 'Gespeicherte Einstellungen oder Entscheidungen lassen sich mit dem entsperrten Schlüssel nicht prüfen und gelten nicht. Entsperren Sie auch Ihre anderen Schlüssel.',
    en: 'Stored settings or decisions can\'t be checked with the key that is unlocked and do not count. Unlock your other keys too.',
  },
  'store/adopted': {
    de: 'Einstellungen und Entscheidungen aus der Zeit vor Ihrem ersten Schlüssel[ ({count})] gelten weiter. Sehen Sie sie durch, falls nicht alle von Ihnen sind.',
    en: 'Settings and decisions from before your first key[ ({count})] go on counting. Look through them if you did not make all of them.',
  },
  'shared/rekey-suggested': {
    de: 'Wer entfernt wurde, kannte den Schlüssel[ von {account}] und kann eine Kopie behalten haben. Lassen Sie ein neues Zertifikat ausstellen, und setzen Sie es an die Stelle des bisherigen.',
    en: 'Whoever was removed knew the key[ of {account}] and may have kept a copy. Get a new certificate issued and put it in the place of the one there is.',
  },
  'shared/not-a-member': {
    de: 'Sie gehören nicht zu den Mitgliedern dieses gemeinsamen Kontos[ ({account})], oder nicht mehr. Neue Mails an das Konto lassen sich hier nicht öffnen.',
    en: 'You are not a member of this shared account[ ({account})], or not any more. New mail to the account cannot be opened here.',
  },
  'view/too-complex': {
    de: 'Die Mail besteht aus mehr Teilen, als hier angezeigt werden. Sie können sie speichern.',
    en: 'The mail has more parts than can be shown here. You can save it.',
  },

  // Header fields, kinds and drafts
  'mime/legacy-type': {
    de: 'Die Mail nennt ihre Art mit einem veralteten Namen; gelesen wird sie trotzdem.',
    en: 'The mail names its kind in an outdated way; it is read all the same.',
  },
  'mime/type-by-file-name': {
    de: 'Dass die Mail signiert oder verschlüsselt ist, zeigt nur der Dateiname[ {fileName}]. Ein Server unterwegs hat ihre Angaben verändert.',
    en: 'That the mail is signed or encrypted shows by the file name[ {fileName}] alone. A server on its way has changed what it says.',
  },
  'mime/unknown-smime-type': {
    de: 'Ob die Mail signiert oder verschlüsselt ist, zeigt sich erst beim Öffnen.',
    en: 'Whether the mail is signed or encrypted shows when it is opened.',
  },
  'mime/no-protocol': {
    de: 'Die Mail sagt nicht, mit welchem Verfahren sie signiert ist.',
    en: 'The mail does not say in which way it is signed.',
  },
  'header/from-mismatch': {
    de: 'Der geschützte Absender[ {inner}] ist ein anderer als der sichtbare[ {outer}]. Gezeigt wird der sichtbare. Seien Sie vorsichtig.',
    en: 'The protected sender[ {inner}] is another than the visible one[ {outer}]. The visible one is shown. Be careful.',
  },
  'header/from-not-author': {
    de: 'Die Mail nennt einen anderen Absender[ ({from})] als den, für den sie geprüft wurde[: {author}].',
    en: 'The mail names another sender[ ({from})] than the one it was checked for[: {author}].',
  },
  'header/too-many-addresses': {
    de: 'Kopfzeilen[ ({names})] haben so viele Adressen, dass sie nicht gelesen wurden.',
    en: 'Header fields[ ({names})] have so many addresses that they were not read.',
  },
  'header/altered-in-transit': {
    de: 'Kopfzeilen wurden unterwegs verändert[: {names}]. Gezeigt wird, was der Absender geschrieben hat; nur eine andere Absenderadresse wird gezeigt, wie sie ankam.',
    en: 'Header fields were changed on the way[: {names}]. What the sender wrote is shown; only another address of the sender is shown as it arrived.',
  },
  'header/only-outside': {
    de: 'Kopfzeilen[ ({names})] hat nicht der Absender geschrieben, oder er hat sie nicht geschützt. Verlassen Sie sich nicht darauf.',
    en: 'Header fields[ ({names})] were not written by the sender, or not protected. Do not rely on them.',
  },
  'draft/quote-left-out': {
    de: 'Der Text der verschlüsselten Mail wurde nicht zitiert, damit er nicht in falsche Hände gerät.',
    en: 'The text of the encrypted mail was not quoted, so that it does not get into the wrong hands.',
  },
  'draft/quotes-decrypted': {
    de: 'Der Entwurf zitiert eine verschlüsselte Mail und ginge unverschlüsselt hinaus.',
    en: 'The draft quotes an encrypted mail and would go out unencrypted.',
  },
  'draft/headers-left-out': {
    de: 'Angaben, die vertraulich waren[ ({names})], stehen nicht im Entwurf, damit sie nicht in falsche Hände geraten.',
    en: 'What was confidential[ ({names})] is not in the draft, so that it does not get into the wrong hands.',
  },
  'refused/no-certificate': {
    de: 'Es fehlt ein verwendbares Zertifikat[ für {addresses}]. Bitten Sie um eine signierte Mail, oder sehen Sie nach, was gegen das vorhandene spricht.',
    en: 'There is no usable certificate[ for {addresses}]. Ask for a signed mail, or see what speaks against the one that is there.',
  },
  'refused/archive': {
    de: 'Die Mail wurde nicht gesendet: Sie muss auch für das Archiv Ihrer Firma verschlüsselt werden, und dessen Zertifikat[ „{subject:name}“] ist nicht verwendbar[ ({reason:archive})]. Wenden Sie sich an Ihre Administration.',
    en: 'The mail was not sent: it has to be encrypted for your company’s archive too, whose certificate[ “{subject:name}”] cannot be used[ ({reason:archive})]. Tell your administrator.',
  },
  'refused/must-encrypt': {
    de: 'Die Antwort auf eine verschlüsselte Mail darf nicht unverschlüsselt hinausgehen.',
    en: 'The answer to an encrypted mail must not go out unencrypted.',
  },
  'refused/sender': {
    de: 'Die Mail[ von {address}] kann nicht geschützt werden, weil Sie dafür kein verwendbares eigenes Zertifikat haben. Importieren oder erneuern Sie Ihr Zertifikat.',
    en: 'Mail[ from {address}] cannot be protected, because there is no certificate of your own for it that can be used. Import or renew your certificate.',
  },
  'refused/unsigned-encryption': {
    de: 'Verschlüsselt wird nur, was auch signiert ist. Schalten Sie das Signieren ein.',
    en: 'Only what is signed is encrypted too. Turn signing on.',
  },
  'refused/private-key': {
    de: 'Die Mail wurde nicht gesendet: Der Anhang[ „{name}“] enthält einen privaten Schlüssel, den niemand außer Ihnen haben darf. Entfernen Sie ihn; weitergeben können Sie das Zertifikat ohne Schlüssel.',
    en: 'The mail was not sent: the attachment[ “{name}”] holds a private key, which nobody but you may have. Remove it; what you can pass on is the certificate without the key.',
  },
  'recipient/no-address': {
    de: 'Das ist keine vollständige Mailadresse[: „{address}“].',
    en: 'This is not a complete mail address[: “{address}”].',
  },
  'recipient/no-certificate': {
    de: 'Es liegt kein Zertifikat[ von {address}] vor. Bitten Sie um eine signierte Mail.',
    en: 'There is no certificate[ of {address}]. Ask for a signed mail.',
  },
  'recipient/not-for-encryption': {
    de: 'Das Zertifikat[ von {address}] ist nicht zum Verschlüsseln bestimmt. Bitten Sie um eines, das es ist.',
    en: 'The certificate[ of {address}] is not meant for encryption. Ask for one that is.',
  },
  'recipient/not-yet-valid': {
    de: 'Das Zertifikat[ von {address}] gilt noch nicht[, sondern ab {notBefore}].',
    en: 'The certificate[ of {address}] is not valid yet[, but from {notBefore}].',
  },
  'recipient/expired': {
    de: 'Das Zertifikat[ von {address}] ist[ am {notAfter}] abgelaufen. Bitten Sie um eine Mail, die mit dem neuen signiert ist.',
    en: 'The certificate[ of {address}] expired[ on {notAfter}]. Ask for a mail signed with the new one.',
  },
  'recipient/distrusted': {
    de: 'Dem Zertifikat[ von {address}] wurde von Hand das Vertrauen entzogen.',
    en: 'Somebody decided not to trust the certificate[ of {address}].',
  },
  'recipient/untrusted': {
    de: 'Für das Zertifikat[ von {address}] bürgt niemand, dem Sie vertrauen. Prüfen Sie es mit dem Inhaber, und vertrauen Sie ihm dann von Hand.',
    en: 'Nobody you trust vouches for the certificate[ of {address}]. Check it with its owner, and then trust it by hand.',
  },
  'recipient/no-answer': {
    de: 'Die ausstellende Stelle hat nicht gesagt, ob das Zertifikat[ von {address}] noch gilt, und ohne Antwort wird ihm hier nicht vertraut.',
    en: 'The authority did not say whether the certificate[ of {address}] is still good, and without an answer it is not trusted here.',
  },
  'recipient/not-accepted': {
    de: 'Das Zertifikat[ von {address}] ist neu, und neue Zertifikate wollen Sie von Hand annehmen.',
    en: 'The certificate[ of {address}] is new, and you want to accept new certificates by hand.',
  },
  'recipient/newest-excluded': {
    de: 'Es gibt nur ein Zertifikat[ von {address}], und das neueste soll nicht verwendet werden.',
    en: 'There is only one certificate[ of {address}], and the newest is not to be used.',
  },
  'recipient/assigned': {
    de: 'Das Zertifikat nennt die Adresse[ {address}] nicht; es wurde ihr von Hand zugeordnet. Lesen kann die Mail, wer den Schlüssel dazu hat, etwa das Gateway der Firma.',
    en: 'The certificate does not name the address[ {address}]; it was assigned to it by hand. Whoever has its key can read the mail, such as the company’s gateway.',
  },
  'sender/no-certificate': {
    de: 'Sie haben kein eigenes Zertifikat[ für {address}]. Importieren Sie eines.',
    en: 'You have no certificate of your own[ for {address}]. Import one.',
  },
  'sender/not-for-signing': {
    de: 'Ihr Zertifikat[ für {address}] ist nicht zum Signieren bestimmt.',
    en: 'Your certificate[ for {address}] is not meant for signing.',
  },
  'sender/not-yet-valid': {
    de: 'Ihr Zertifikat[ für {address}] gilt noch nicht[, sondern ab {notBefore}].',
    en: 'Your certificate[ for {address}] is not valid yet[, but from {notBefore}].',
  },
  'sender/expired': {
    de: 'Ihr Zertifikat[ für {address}] ist[ am {notAfter}] abgelaufen. Importieren Sie das neue.',
    en: 'Your certificate[ for {address}] expired[ on {notAfter}]. Import the new one.',
  },
  'sender/untrusted': {
    de: 'Für Ihr Zertifikat[ für {address}] bürgt niemand, dem Sie vertrauen. Von selbst wird damit nicht signiert.',
    en: 'Nobody you trust vouches for your certificate[ for {address}]. It is not signed with by itself.',
  },
  'sender/distrusted': {
    de: 'Ihrem eigenen Zertifikat[ für {address}] wurde von Hand das Vertrauen entzogen. Importieren Sie ein anderes, oder vertrauen Sie ihm wieder.',
    en: 'Somebody decided not to trust your own certificate[ for {address}]. Import another one, or trust it again.',
  },
  'sender/revoked': {
    de: 'Ihr Zertifikat[ für {address}] wurde widerrufen. Importieren Sie ein neues.',
    en: 'Your certificate[ for {address}] was revoked. Import a new one.',
  },
  'sender/locked': {
    de: 'Ihr Schlüssel[ für {address}] ist gesperrt. Entsperren Sie ihn.',
    en: 'Your key[ for {address}] is locked. Unlock it.',
  },
  'sender/archive-unusable': {
    de: 'Verschlüsseln geht derzeit nicht: Das Zertifikat[ „{subject:name}“] des Archivs Ihrer Firma ist nicht verwendbar[ ({reason:archive})]. Wenden Sie sich an Ihre Administration.',
    en: 'Encryption does not work at present: the certificate[ “{subject:name}”] of your company’s archive cannot be used[ ({reason:archive})]. Tell your administrator.',
  },
  'sender/no-encryption-certificate': {
    de: 'Sie haben kein gültiges eigenes Zertifikat zum Verschlüsseln[ für {address}]; Ihre gesendete Mail könnten Sie selbst nicht mehr lesen. Importieren Sie eines.',
    en: 'You have no current certificate of your own for encryption[ for {address}]; you could not read your sent mail any more. Import one.',
  },
  'sending/archived': {
    de: 'Verschlüsselte Mail kann auch das Archiv Ihrer Firma lesen[: {certificates:name}].',
    en: 'Encrypted mail can be read by your company’s archive too[: {certificates:name}].',
  },
  'sending/unsigned': {
    de: 'Die Mail[ von {address}] wird nicht signiert.',
    en: 'The mail[ from {address}] is not signed.',
  },
  'sending/unencrypted': {
    de: 'Die Mail wird nicht verschlüsselt[. Kein verwendbares Zertifikat gibt es für: {addresses}].',
    en: 'The mail is not encrypted[. There is no usable certificate for: {addresses}].',
  },
  'sending/exempt': {
    de: 'Die Mail wird nicht geschützt wie andere[, weil sie als {kind:kinds} gilt]. So sehen es die Einstellungen vor.',
    en: 'The mail is not protected as others are[, because it counts as {kind:kinds}]. That is what the settings say.',
  },
  'sending/left-out': {
    de: 'Die Mail geht nicht an alle[. Ausgelassen: {addresses}].',
    en: 'The mail does not go to all[. Left out: {addresses}].',
  },
  'refused/setting-locked': {
    de: 'Diese Einstellung gibt Ihre Firma vor. Nur die Administration kann sie ändern.',
    en: 'Your company has set this. Only the administrator can change it.',
  },

  // Data that can't be read
  'malformed/asn1': {
    de: 'Die Daten sind beschädigt oder unvollständig. Lassen Sie sie sich noch einmal schicken.',
    en: 'The data is damaged or incomplete. Have it sent again.',
  },
  'malformed/cms': {
    de: 'Die Signatur oder Verschlüsselung der Mail ist beschädigt. Bitten Sie den Absender, sie noch einmal zu senden.',
    en: 'The signature or encryption of the mail is damaged. Ask the sender to send it again.',
  },
  'malformed/mime': {
    de: 'Die Mail ist fehlerhaft aufgebaut und lässt sich nicht eindeutig lesen. Falls Sie sie bekommen haben, bitten Sie den Absender, sie noch einmal zu senden.',
    en: 'The mail is put together wrongly and can be read in more than one way. If you received it, ask the sender to send it again.',
  },
  'malformed/truncated': {
    de: 'Das Ende der Mail fehlt. Laden Sie sie noch einmal, oder bitten Sie den Absender, sie noch einmal zu schicken.',
    en: 'The end of the mail is missing. Download it again, or ask the sender to send it again.',
  },
  'malformed/certificate': {
    de: 'Das ist kein Zertifikat, oder es ist beschädigt.',
    en: 'This is no certificate, or it is damaged.',
  },
  'malformed/crl': {
    de: 'Das ist keine Liste widerrufener Zertifikate, oder sie ist beschädigt.',
    en: 'This is no list of revoked certificates, or it is damaged.',
  },
  'malformed/ocsp': {
    de: 'Die Auskunft darüber, ob ein Zertifikat widerrufen ist, ist beschädigt.',
    en: 'The information whether a certificate is revoked is damaged.',
  },
  'malformed/key': {
    de: 'Der private Schlüssel ist beschädigt und lässt sich nicht verwenden.',
    en: 'The private key is damaged and cannot be used.',
  },
  'malformed/p12': {
    de: 'Das ist keine Schlüsseldatei (.p12 oder .pfx), oder sie ist beschädigt.',
    en: 'This is no key file (.p12 or .pfx), or it is damaged.',
  },
  'malformed/evidence': {
    de: 'Der aufbewahrte Nachweis zu einer Mail ist beschädigt und lässt sich nicht mehr prüfen.',
    en: 'The evidence that was kept of a mail is damaged and cannot be checked any more.',
  },
  'malformed/record': {
    de: 'Ein gespeicherter Eintrag ist beschädigt. Importieren Sie den Schlüssel oder das Zertifikat noch einmal.',
    en: 'A stored entry is damaged. Import the key or the certificate again.',
  },
  'malformed/backup': {
    de: 'Die Datei ist keine Sicherung, oder sie ist beschädigt oder unvollständig. Nichts wurde geändert. Nehmen Sie eine andere Kopie.',
    en: 'The file is no backup, or it is damaged or incomplete. Nothing was changed. Use another copy.',
  },
  'malformed/shared-account': {
    de: 'Die Angaben zu dem gemeinsamen Konto sind beschädigt oder unvollständig. Nichts wurde geändert. Lassen Sie sie von der Verwaltung des Kontos noch einmal schicken.',
    en: 'What was sent about the shared account is damaged or incomplete. Nothing was changed. Ask whoever administers the account to send it again.',
  },
  'unsupported/algorithm': {
    de: 'Das Verfahren[ {algorithm:algorithm}] wird nicht unterstützt.',
    en: 'The algorithm[ {algorithm:algorithm}] is not supported.',
  },
  'unsupported/structure': {
    de: 'Daten dieser Art werden nicht unterstützt[ ({structure})].',
    en: 'Data of this kind is not supported[ ({structure})].',
  },
  'unsupported/feature': {
    de: 'Das wird noch nicht unterstützt[ ({feature})].',
    en: 'This is not supported yet[ ({feature})].',
  },

  // Limits
  'limit/input-bytes': {
    de: 'Die Datei oder Mail ist zu groß[; die Grenze liegt bei {allowed:bytes}].',
    en: 'The file or mail is too large[; the limit is {allowed:bytes}].',
  },
  'limit/asn1-depth': {
    de: 'Die Daten sind zu tief verschachtelt[; die Grenze liegt bei {allowed} Ebenen].',
    en: 'The data is nested too deeply[; the limit is {allowed} levels].',
  },
  'limit/asn1-values': {
    de: 'Die Daten bestehen aus zu vielen Teilen[; die Grenze liegt bei {allowed}].',
    en: 'The data has too many parts[; the limit is {allowed}].',
  },
  'limit/mime-depth': {
    de: 'Die Mail ist zu tief verschachtelt[; die Grenze liegt bei {allowed} Ebenen].',
    en: 'The mail is nested too deeply[; the limit is {allowed} levels].',
  },
  'limit/layers': {
    de: 'Die Mail hat zu viele Schichten aus Signaturen und Verschlüsselung[; erlaubt sind {allowed}].',
    en: 'The mail has too many layers of signatures and encryption[; {allowed} are allowed].',
  },
  'limit/mime-parts': {
    de: 'Die Mail besteht aus zu vielen Teilen[; erlaubt sind {allowed}].',
    en: 'The mail has too many parts[; {allowed} are allowed].',
  },
  'limit/header-fields': {
    de: 'Die Mail hat zu viele Kopfzeilen[; die Grenze liegt bei {allowed}].',
    en: 'The mail has too many header fields[; the limit is {allowed}].',
  },
  'limit/recipients': {
    de: 'Die Mail hat zu viele Empfänger[; die Grenze liegt bei {allowed}]. Teilen Sie sie auf mehrere Mails auf.',
    en: 'The mail has too many recipients[; the limit is {allowed}]. Split them over several mails.',
  },
  'limit/certificates': {
    de: 'Es sind zu viele Zertifikate[; die Grenze liegt bei {allowed}].',
    en: 'There are too many certificates[; the limit is {allowed}].',
  },
  'limit/signers': {
    de: 'Die Mail hat zu viele Signaturen[; die Grenze liegt bei {allowed}].',
    en: 'The mail has too many signatures[; the limit is {allowed}].',
  },
  'limit/crl-bytes': {
    de: 'Eine Liste widerrufener Zertifikate ist zu groß[; die Grenze liegt bei {allowed:bytes}].',
    en: 'A list of revoked certificates is too large[; the limit is {allowed:bytes}].',
  },
  'limit/ocsp-bytes': {
    de: 'Die Auskunft darüber, ob ein Zertifikat widerrufen ist, ist zu groß[; die Grenze liegt bei {allowed:bytes}].',
    en: 'The information whether a certificate is revoked is too large[; the limit is {allowed:bytes}].',
  },
  'limit/kdf-iterations': {
    de: 'Das Kennwort zu prüfen würde zu lange dauern[: {required} Runden statt höchstens {allowed}].',
    en: 'Checking the password would take too long[: {required} rounds, where the limit is {allowed}].',
  },
  'limit/kdf-memory': {
    de: 'Das Kennwort zu prüfen würde zu viel Speicher brauchen[: {required:bytes} statt höchstens {allowed:bytes}].',
    en: 'Checking the password would take too much memory[: {required:bytes}, where the limit is {allowed:bytes}].',
  },
  'limit/decompressed-bytes': {
    de: 'Entpackt wäre die Mail zu groß[; die Grenze liegt bei {allowed:bytes}].',
    en: 'Decompressed, the mail would be too large[; the limit is {allowed:bytes}].',
  },
  'limit/compression-ratio': {
    de: 'Die Mail ist so stark gepackt, dass es nach einem Angriff aussieht; sie wurde nicht entpackt.',
    en: 'The mail is compressed so heavily that it looks like an attack; it was not decompressed.',
  },
  'limit/options': {
    de: 'Das sind zu viele Angaben auf einmal; es wurde nichts geändert.',
    en: 'This is too much at once; nothing was changed.',
  },

  // Keys
  'refused/signer': {
    de: 'Mit diesem Zertifikat kann nicht signiert werden[: {reason:certificate}].',
    en: 'This certificate cannot be used to sign[: {reason:certificate}].',
  },
  'refused/recipient': {
    de: 'An einen der Empfänger kann mit seinem Zertifikat nicht verschlüsselt werden[: {reason:certificate}]. Bitten Sie ihn um ein anderes.',
    en: 'The certificate of a recipient cannot be used to encrypt[: {reason:certificate}]. Ask them for another one.',
  },
  'refused/outer-signature': {
    de: 'Um die verschlüsselte Nachricht liegt eine Signatur, die mit anderen Empfängern nicht mehr gelten würde.',
    en: 'The encrypted message is covered by a signature, which would not be valid with other recipients.',
  },
  'refused/last-recipient': {
    de: 'Danach könnte keiner Ihrer Schlüssel die Nachricht mehr öffnen. Sie bleibt, wie sie ist.',
    en: 'None of your keys could open the message after that. It stays as it is.',
  },
  'refused/external-key': {
    de: 'Der Schlüssel liegt auf einer Karte oder bei einem Dienst und steht dafür[, also {operation:operation},] nicht zur Verfügung.',
    en: 'The key is on a card or with a service and is not available for this[, that is {operation:operation}].',
  },
  'identity/external-failed': {
    de: 'Die Karte oder der Dienst mit Ihrem Schlüssel hat nicht wie erwartet geantwortet. Prüfen Sie Karte und PIN, und versuchen Sie es noch einmal.',
    en: 'The card or service that holds your key did not answer as expected. Check the card and the PIN, and try again.',
  },
  'crl/closed': {
    de: 'Die Liste widerrufener Zertifikate wurde geschlossen. Lesen Sie sie noch einmal ein.',
    en: 'The list of revoked certificates was closed. Read it again.',
  },
  'crl/lost': {
    de: 'Die Liste widerrufener Zertifikate ging bei einem Neustart verloren. Lesen Sie sie noch einmal ein.',
    en: 'The list of revoked certificates was lost in a restart. Read it again.',
  },
  'identity/closed': {
    de: 'Der Schlüssel wurde geschlossen. Entsperren Sie ihn erneut.',
    en: 'The key was closed. Unlock it again.',
  },
  'identity/lost': {
    de: 'Der Schlüssel ging bei einem Neustart verloren. Entsperren Sie ihn erneut.',
    en: 'The key was lost in a restart. Unlock it again.',
  },
  'identity/locked': {
    de: 'Der Schlüssel ist nicht entsperrt. Entsperren Sie ihn mit Ihrer Passphrase.',
    en: 'The key is locked. Unlock it with your passphrase.',
  },

  // The store
  'store/wrong-passphrase': {
    de: 'Die Passphrase ist falsch. Achten Sie auf Groß- und Kleinschreibung.',
    en: 'The passphrase is wrong. Mind upper and lower case.',
  },
  'store/wrong-key': {
    de: 'Dieser Passkey oder dieses Gerät öffnet hier nichts. Entsperren Sie auf einem anderen Weg.',
    en: 'This passkey or this device opens nothing here. Unlock another way.',
  },
  'store/last-way': {
    de: 'Nur so lässt sich der Schlüssel noch öffnen. Richten Sie zuerst einen anderen Weg ein.',
    en: 'This is the only way left to open the key. Set up another one first.',
  },
  'shared/not-authentic': {
    de: 'Diese Angaben zu dem gemeinsamen Konto stammen nicht von dessen Verwaltung, oder sie wurden verändert. Nichts wurde übernommen. Fragen Sie dort nach.',
    en: 'This does not come from whoever administers the shared account, or it was altered. Nothing was taken over. Ask them.',
  },
  'shared/rolled-back': {
    de: 'Diese Angaben zu dem gemeinsamen Konto sind überholt: Hier ist schon ein neuerer Stand bekannt[ ({known} statt {found})]. Er bleibt.',
    en: 'This is an old state of the shared account: a newer one is known here already[ ({known}, not {found})], and stays.',
  },
  'shared/unknown-administrator': {
    de: 'Dieses gemeinsame Konto ist hier neu. Vergleichen Sie den Fingerabdruck des Zertifikats mit dem, den Ihnen die Verwaltung des Kontos nennt, und bestätigen Sie ihn.',
    en: 'This shared account is new here. Compare the fingerprint of the certificate with the one that whoever administers the account tells you, and confirm it.',
  },
  'shared/other-administrator': {
    de: 'Jemand anderes als bisher verwaltet dieses gemeinsame Konto. Fragen Sie nach, ob das stimmt, und vergleichen Sie den Fingerabdruck des neuen Zertifikats, bevor Sie es bestätigen.',
    en: 'Somebody else than before administers this shared account. Ask whether that is right, and compare the fingerprint of the new certificate before you confirm it.',
  },
  'shared/not-administrator': {
    de: 'Dieses gemeinsame Konto verwaltet jemand anderes. Bitten Sie um die Änderung.',
    en: 'Somebody else administers this shared account. Ask them for the change.',
  },
  'shared/not-own': {
    de: 'Dieser Schlüssel gehört zu einem gemeinsamen Konto. Er öffnet sich mit Ihrem eigenen und lässt sich nicht für sich ändern oder entfernen.',
    en: 'This key belongs to a shared account. It opens with your own and cannot be changed or removed by itself.',
  },
  'shared/member-key-exists': {
    de: 'Sie haben schon einen Schlüssel für gemeinsame Konten. Nehmen Sie diesen.',
    en: 'You have a key for shared accounts already. Use that one.',
  },
  'passkey/unsupported': {
    de: 'Dieser Browser oder dieser Passkey kann keine Schlüssel schützen. Nehmen Sie eine Passphrase.',
    en: 'This browser or this passkey cannot protect keys. Use a passphrase.',
  },
  'passkey/not-given': {
    de: 'Der Passkey wurde nicht vorgelegt: Es wurde abgebrochen, oder er ist auf diesem Gerät nicht da. Versuchen Sie es noch einmal, oder entsperren Sie auf einem anderen Weg.',
    en: 'The passkey was not given: it was cancelled, or it is not on this device. Try again, or unlock another way.',
  },
  'store/seal-broken': {
    de: 'Der gespeicherte Schlüssel wurde verändert und lässt sich nicht mehr öffnen. Importieren Sie die Schlüsseldatei noch einmal.',
    en: 'The stored key was altered and cannot be opened any more. Import the key file again.',
  },
  'store/conflict': {
    de: 'Ein anderer Tab hat das inzwischen geändert. Versuchen Sie es noch einmal.',
    en: 'Another tab changed this in the meantime. Try again.',
  },
  'store/not-found': {
    de: 'Diesen Eintrag gibt es nicht mehr.',
    en: 'This entry does not exist any more.',
  },
  'store/no-identity': {
    de: 'Es gibt hier noch keinen Schlüssel. Importieren Sie zuerst Ihre Schlüsseldatei.',
    en: 'There is no key here yet. Import your key file first.',
  },
  'store/newer-schema': {
    de: 'Die gespeicherten Daten stammen von einer neueren Version. Laden Sie die Seite neu.',
    en: 'The stored data was written by a newer version. Reload the page.',
  },
  'store/quota': {
    de: 'Der Browser hat keinen Platz mehr; nichts wurde geändert. Geben Sie Speicher frei, und versuchen Sie es noch einmal.',
    en: 'The browser has no room left; nothing was changed. Free some space and try again.',
  },
  'store/blocked': {
    de: 'Ein anderer Tab belegt die Datenbank. Schließen Sie ihn, und versuchen Sie es noch einmal; hilft das nicht, starten Sie den Browser neu.',
    en: 'Another tab occupies the database. Close it and try again; if that does not help, restart the browser.',
  },
  'store/unavailable': {
    de: 'Dieser Browser speichert hier nichts; vielleicht ist dies ein privates Fenster.',
    en: 'This browser stores nothing here; perhaps this is a private window.',
  },
  'store/failed': {
    de: 'Die Datenbank des Browsers hat versagt. Laden Sie die Seite neu.',
    en: 'The browser’s database failed. Reload the page.',
  },
  'sync/failed': {
    de: 'Der Abgleich mit Ihren anderen Geräten ist fehlgeschlagen. Hier ist nichts verloren; versuchen Sie es später noch einmal.',
    en: 'Your other devices could not be reached. Nothing is lost here; try again later.',
  },
  'store/not-learned': {
    de: 'Das Zertifikat des Absenders konnte nicht gespeichert werden[ ({reason})].',
    en: 'The sender’s certificate could not be stored[ ({reason})].',
  },
  'store/too-many-certificates': {
    de: 'Das Zertifikat wurde nicht gespeichert: Es liegen hier[ für {address}] schon mehrere, die niemand geprüft hat. Sie können es von Hand annehmen.',
    en: 'The certificate was not stored: there are several already[ for {address}] that nobody has checked. You can accept it by hand.',
  },
  'store/unreadable-record': {
    de: 'Einige gespeicherte Einträge sind nicht lesbar und werden nicht angezeigt[ (Anzahl: {count})]. Stellen Sie eine Sicherung wieder her, oder laden Sie die Seite neu, falls sie älter ist als die Daten.',
    en: 'Some stored entries cannot be read and are not shown[ (number: {count})]. Restore a backup, or reload the page if it is older than the data.',
  },
  'store/backup-due': {
    de: 'Ihre Schlüssel liegen nur in diesem Browser. Speichern Sie eine Sicherung an einem sicheren Ort.',
    en: 'Your keys are in this browser only. Save a backup in a safe place.',
  },
  'backup/locked-keys': {
    de: 'Einige Schlüssel waren beim Sichern gesperrt[ (Anzahl: {count})]. Sie öffnen sich nach dem Wiederherstellen nur so wie bisher. Entsperren Sie sie, und sichern Sie noch einmal, damit die Passphrase der Sicherung genügt.',
    en: 'Some keys were locked when the backup was made[ (number: {count})]. Once restored, they open only as they did before. Unlock them and make the backup again, so that its passphrase is enough.',
  },
  'store/not-persistent': {
    de: 'Der Browser darf Ihre Schlüssel löschen, wenn ihm der Platz ausgeht. Speichern Sie eine Sicherung.',
    en: 'The browser may delete your keys when it runs out of room. Save a backup.',
  },
  'store/vanished': {
    de: 'Die Schlüssel und Zertifikate, die hier gespeichert waren, sind nicht mehr da: Der Browser hat sie gelöscht, oder dies ist ein anderer Browser. Stellen Sie Ihre Sicherung wieder her, oder importieren Sie Ihre Schlüsseldatei noch einmal.',
    en: 'The keys and certificates that were stored here are gone: the browser deleted them, or this is another browser. Restore your backup, or import your key file again.',
  },
  'store/partitioned': {
    de: 'Diese Seite ist in eine fremde Seite eingebettet und hat hier einen eigenen Speicher. Schlüssel, die Sie sonst verwenden, sind hier nicht zu sehen: Öffnen Sie die Seite in einem eigenen Tab.',
    en: 'This page is embedded in another site and has a separate storage here. The keys that you use elsewhere are not to be seen: open the page in a tab of its own.',
  },
  'store/closed': {
    de: 'Die Datenbank wurde geschlossen. Laden Sie die Seite neu.',
    en: 'The database was closed. Reload the page.',
  },

  // The application, and this package
  aborted: { de: 'Abgebrochen.', en: 'Cancelled.' },
  'usage/unknown-option': {
    de: 'Fehler der Anwendung: Die Angabe[ „{option}“] ist unbekannt.',
    en: 'Fault of the application: the option[ “{option}”] is unknown.',
  },
  'usage/missing-option': {
    de: 'Fehler der Anwendung: Die Angabe[ „{option}“] fehlt.',
    en: 'Fault of the application: the option[ “{option}”] is missing.',
  },
  'usage/wrong-option': {
    de: 'Fehler der Anwendung: Die Angabe[ „{option}“] hat nicht den erwarteten Wert.',
    en: 'Fault of the application: the option[ “{option}”] does not have the expected value.',
  },
  'usage/unknown-verb': {
    de: 'Fehler der Anwendung: Die Funktion[ „{verb}“] gibt es nicht.',
    en: 'Fault of the application: there is no such function[ (“{verb}”)].',
  },
  'internal/load': {
    de: 'Ein Teil der Anwendung konnte nicht geladen werden. Prüfen Sie die Verbindung, und versuchen Sie es noch einmal.',
    en: 'A part of the application could not be loaded. Check the connection and try again.',
  },
  'internal/trap': {
    de: 'Ein interner Fehler ist aufgetreten; die Schlüssel müssen neu entsperrt werden.',
    en: 'An internal fault occurred; the keys have to be unlocked again.',
  },
  'internal/fault': {
    de: 'Ein interner Fehler ist aufgetreten. Laden Sie die Seite neu.',
    en: 'An internal fault occurred. Reload the page.',
  },

  // The badge and the lock
  'badge/verified': {
    de: 'Die Mail ist vom Absender signiert, und die Signatur ist geprüft.',
    en: 'The mail is signed by its sender, and the signature was checked.',
  },
  'badge/not-verified': {
    de: 'Die Mail ist signiert, aber es ist nicht sicher, dass sie vom Absender stammt.',
    en: 'The mail is signed, but it is not certain that it comes from its sender.',
  },
  'badge/altered': {
    de: 'Die Mail wurde nach dem Signieren verändert, oder ihre Signatur ist beschädigt. Verlassen Sie sich nicht darauf.',
    en: 'The mail was changed after it was signed, or its signature is damaged. Do not rely on it.',
  },
  'badge/unsigned': {
    de: 'Die Mail ist nicht signiert.',
    en: 'The mail is not signed.',
  },
  'badge/unknown': {
    de: 'Ob die Mail signiert ist, zeigt sich erst, wenn sie geöffnet ist.',
    en: 'Whether the mail is signed shows only when it is opened.',
  },
  'badge/unchecked': {
    de: 'Die Mail ist signiert; geprüft wird die Signatur, wenn Sie sie öffnen.',
    en: 'The mail is signed; the signature is checked when you open it.',
  },
  'lock/none': {
    de: 'Die Mail ist nicht verschlüsselt.',
    en: 'The mail is not encrypted.',
  },
  'lock/encrypted': {
    de: 'Die Mail ist verschlüsselt.',
    en: 'The mail is encrypted.',
  },
  'lock/weak': {
    de: 'Die Mail ist verschlüsselt, aber mit einem schwachen Verfahren oder Schlüssel.',
    en: 'The mail is encrypted, but with a weak cipher or key.',
  },
  'lock/no-integrity': {
    de: 'Die Mail ist verschlüsselt, aber nicht davor geschützt, dass jemand sie unterwegs verändert.',
    en: 'The mail is encrypted, but not protected against changes on its way.',
  },
  'lock/unreadable': {
    de: 'Die Mail ist verschlüsselt und lässt sich hier nicht entschlüsseln.',
    en: 'The mail is encrypted and cannot be decrypted here.',
  },
  'lock/locked': {
    de: 'Die Mail ist verschlüsselt, und Ihr Schlüssel ist gesperrt. Entsperren Sie ihn, um sie zu lesen.',
    en: 'The mail is encrypted, and your key is locked. Unlock it to read the mail.',
  },
  'lock/unknown': {
    de: 'Ob die Mail verschlüsselt ist, zeigt sich erst, wenn sie geöffnet ist.',
    en: 'Whether the mail is encrypted shows only when it is opened.',
  },
};

/** A few words for each badge and lock. */
export const labels = {
  'ask-for-certificate': { de: 'Zertifikat anfordern', en: 'Ask for the certificate' },
  wait: { de: 'Abwarten', en: 'Wait' },
  'trust-certificate': { de: 'Zertifikat prüfen und vertrauen', en: 'Check and trust the certificate' },
  'check-certificate': { de: 'Zertifikat erneut prüfen', en: 'Check the certificate again' },
  'accept-certificate': { de: 'Zertifikat annehmen', en: 'Accept the certificate' },
  'use-newest': { de: 'Neuestes Zertifikat verwenden', en: 'Use the newest certificate' },
  'import-own': { de: 'Eigenes Zertifikat importieren', en: 'Import your own certificate' },
  unlock: { de: 'Schlüssel entsperren', en: 'Unlock the key' },
  'tell-administrator': { de: 'Administration verständigen', en: 'Tell the administrator' },
  'badge/verified': { de: 'Signiert und geprüft', en: 'Signed and verified' },
  'badge/not-verified': { de: 'Signiert, nicht bestätigt', en: 'Signed, not verified' },
  'badge/altered': { de: 'Verändert', en: 'Altered' },
  'badge/unsigned': { de: 'Nicht signiert', en: 'Not signed' },
  'badge/unknown': { de: 'Signatur unbekannt', en: 'Signature unknown' },
  'badge/unchecked': { de: 'Signiert, noch nicht geprüft', en: 'Signed, not checked yet' },
  'lock/none': { de: 'Nicht verschlüsselt', en: 'Not encrypted' },
  'lock/encrypted': { de: 'Verschlüsselt', en: 'Encrypted' },
  'lock/weak': { de: 'Schwach verschlüsselt', en: 'Weakly encrypted' },
  'lock/no-integrity': { de: 'Verschlüsselt, ohne Schutz vor Änderung', en: 'Encrypted, unprotected against changes' },
  'lock/unreadable': { de: 'Nicht zu entschlüsseln', en: 'Can’t be decrypted' },
  'lock/locked': { de: 'Verschlüsselt, Schlüssel gesperrt', en: 'Encrypted, key locked' },
  'lock/unknown': { de: 'Vielleicht verschlüsselt', en: 'Perhaps encrypted' },
};

/** What to answer, by the code of a problem. Nothing of this is sent by itself. */
export const replies = {
  'decrypt/shared-without-key': {
    de: `Guten Tag,

Ihre verschlüsselte Mail ist angekommen, wir können sie aber nicht lesen: Unser gemeinsames Postfach[ {account}] kann keine verschlüsselten Mails empfangen.

Bitte senden Sie sie noch einmal verschlüsselt an eine Person bei uns, deren Zertifikat Sie haben, oder, wenn ihr Inhalt das erlaubt, unverschlüsselt.

Mit freundlichen Grüßen`,
    en: `Hello,

Your encrypted mail has arrived, but we cannot read it: our shared mailbox[ {account}] cannot receive encrypted mail.

Please send it again encrypted to a person here whose certificate you have or, if its content allows that, unencrypted.

Kind regards`,
  },
};

/** For what has no sentence: codes newer than this file, and errors of the browser. */
export const fallbacks = {
  problem: { de: 'Hinweis ohne Erklärung[ (Kennung {code})].', en: 'Note without explanation[ (code {code})].' },
  error: { de: 'Das ging nicht[ (Kennung {code})][: {message}].', en: 'This did not work[ (code {code})][: {message}].' },
};

/** The words for details that have one of a few values. Another value counts as missing. */
export const words = {
  archive: {
    'recipient/not-for-encryption': { de: 'nicht zum Verschlüsseln bestimmt', en: 'not meant for encryption' },
    'recipient/not-yet-valid': { de: 'noch nicht gültig', en: 'not valid yet' },
    'recipient/expired': { de: 'abgelaufen', en: 'expired' },
    'recipient/distrusted': { de: 'nicht vertrauenswürdig', en: 'not trusted' },
    'revocation/revoked': { de: 'widerrufen', en: 'revoked' },
    'store/not-found': { de: 'nicht mehr vorhanden', en: 'not there any more' },
  },
  archiving: {
    'for-others': { de: 'sie ist nicht für Sie allein verschlüsselt', en: 'it is not encrypted for you alone' },
    'no-integrity': {
      de: 'es lässt sich nicht feststellen, ob sie unterwegs verändert wurde',
      en: 'nobody can tell whether it was altered on its way',
    },
    'refused/archive': {
      de: 'das Zertifikat des Archivs ist nicht verwendbar',
      en: 'the certificate of the archive cannot be used',
    },
  },
  kinds: {
    invitation: { de: 'Termineinladung', en: 'a meeting invitation' },
    bulk: { de: 'Massenmail', en: 'bulk mail' },
    automatic: { de: 'automatische Mail', en: 'automatic mail' },
    'certificate-request': { de: 'Bitte um ein Zertifikat', en: 'a request for a certificate' },
  },
  certificate: {
    'it is not valid yet': { de: 'Es ist noch nicht gültig', en: 'it is not valid yet' },
    'it is expired': { de: 'Es ist abgelaufen', en: 'it is expired' },
    'its key usage does not allow signatures': {
      de: 'Es ist nicht zum Signieren bestimmt',
      en: 'it is not meant for signing',
    },
    'its key usage does not allow encryption': {
      de: 'Es ist nicht zum Verschlüsseln bestimmt',
      en: 'it is not meant for encryption',
    },
    'its extended key usage does not allow e-mail': {
      de: 'Es ist nicht für Mail bestimmt',
      en: 'it is not meant for mail',
    },
    'somebody decided not to trust it': {
      de: 'Ihm wurde von Hand das Vertrauen entzogen',
      en: 'somebody decided not to trust it',
    },
    'it is revoked': { de: 'Es ist widerrufen', en: 'it is revoked' },
    'its key does not sign in this way': {
      de: 'Sein Schlüssel signiert nicht auf diese Weise',
      en: 'its key does not sign in this way',
    },
  },
  fetch: {
    failed: { de: 'Die Abfrage ist gescheitert', en: 'the request failed' },
    limit: { de: 'Es wurde schon zu viel abgefragt', en: 'too much was fetched already' },
    'not-bytes': {
      de: 'Die Anwendung gab weder Bytes noch eine Weiterleitung',
      en: 'the application gave neither bytes nor a redirect',
    },
    'nothing-there': { de: 'Dort ist nichts', en: 'nothing is there' },
    'redirect-refused': {
      de: 'Die Weiterleitung führt an eine Adresse, die nicht abgefragt werden darf',
      en: 'it redirects to an address that must not be asked',
    },
    'too-large': { de: 'Die Antwort ist zu groß', en: 'the answer is too large' },
    'too-many-redirects': { de: 'Es gibt zu viele Weiterleitungen', en: 'there are too many redirects' },
    'too-slow': { de: 'Die Antwort kam nicht rechtzeitig', en: 'the answer did not come in time' },
    unreadable: { de: 'Die Antwort ist nicht lesbar', en: 'the answer can\'t be read' },
  },
  limit: {
    pathLength: { de: 'die Länge einer Kette von Zertifikaten', en: 'the length of a chain of certificates' },
    pathSignatures: { de: 'geprüfte Signaturen', en: 'signatures checked' },
    pathSteps: { de: 'probierte Zertifikate', en: 'certificates tried' },
    pathNames: { de: 'verglichene Namen', en: 'names compared' },
    pathPolicies: { de: 'betrachtete Richtlinien', en: 'policies looked at' },
  },
  operation: {
    sign: { de: 'zum Signieren', en: 'signing' },
    decrypt: { de: 'zum Entschlüsseln', en: 'decryption' },
    export: { de: 'zum Exportieren', en: 'export' },
  },
  responder: {
    'malformed-request': { de: 'er hat sie nicht verstanden', en: 'it did not understand it' },
    'internal-error': { de: 'er hat eine Störung', en: 'it has a fault' },
    'try-later': { de: 'er bittet um einen späteren Versuch', en: 'it asks to try later' },
    'sig-required': { de: 'er antwortet nicht jedem', en: 'it does not answer everybody' },
    unauthorized: { de: 'er darf oder will keine Auskunft geben', en: 'it may not or will not tell' },
  },
  revocation: {
    'key-compromise': { de: 'Der Schlüssel ist in fremde Hände geraten', en: 'its key fell into the wrong hands' },
    'ca-compromise': {
      de: 'Der Schlüssel der ausstellenden Stelle ist in fremde Hände geraten',
      en: 'the key of the issuing authority fell into the wrong hands',
    },
    'affiliation-changed': { de: 'Angaben zum Inhaber haben sich geändert', en: 'details of its owner changed' },
    superseded: { de: 'Es wurde durch ein anderes ersetzt', en: 'it was replaced by another one' },
    'cessation-of-operation': { de: 'Es wird nicht mehr gebraucht', en: 'it is no longer needed' },
    'certificate-hold': { de: 'Es ist vorläufig außer Kraft', en: 'it is on hold for the time being' },
    'privilege-withdrawn': { de: 'Eine Berechtigung wurde entzogen', en: 'a privilege was withdrawn' },
    'aa-compromise': {
      de: 'Der Schlüssel einer bescheinigenden Stelle ist in fremde Hände geraten',
      en: 'the key of an attesting authority fell into the wrong hands',
    },
  },
};

/**
 * Whom the issuer checked, by the level it names and by where it is named: the CA/Browser Forum's policies
 * are audited, the subject alone is the issuer's word by its own rules.
 */
export const validations = {
  mailbox: {
    de: 'Der Aussteller hat geprüft, dass Mails an die Adresse ankommen, nicht aber, wer sie liest.',
    en: 'The issuer checked that mail to the address arrives, but not who reads it.',
  },
  organization: {
    de: 'Der Aussteller hat die Organisation geprüft, nicht aber eine einzelne Person.',
    en: 'The issuer checked the organization, but no single person.',
  },
  sponsor: {
    de: 'Der Aussteller hat die Organisation geprüft, und sie steht für die Person ein.',
    en: 'The issuer checked the organization, which vouches for the person.',
  },
  individual: {
    de: 'Der Aussteller hat die Person geprüft.',
    en: 'The issuer checked the person.',
  },
  none: {
    de: 'Wen der Aussteller geprüft hat, sagt das Zertifikat nicht.',
    en: 'The certificate does not say whom the issuer checked.',
  },
  claimed: {
    de: 'Das folgt aus den Angaben im Zertifikat; nach welchen Regeln, sagt es nicht.',
    en: 'This follows from what stands in the certificate; it does not say by which rules.',
  },
  class: {
    de: 'Der Aussteller nennt es „{text}“[ (Klasse {number})]; was das heißt, legt er selbst fest.',
    en: 'The issuer calls it “{text}”[ (class {number})]; what that means is up to the issuer.',
  },
  strength: {
    de: 'Signatur und Verschlüsselung sind bei jeder Stufe gleich stark.',
    en: 'Signatures and encryption are equally strong at every level.',
  },
};
