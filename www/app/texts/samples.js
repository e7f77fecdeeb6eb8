// What each of the samples shows.

export const samples = {
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
    de: 'Eine unveränderte Signatur, deren Zertifikat von einer unbekannten Stelle stammt. Vertrauen Sie ihr, und die Signatur gilt.',
    en: 'An intact signature whose certificate comes from an unknown authority. Trust it, and the signature counts.',
  },
  'sample.unknown-issuer.add': { de: '„Other Root CA“ aufnehmen', en: 'Take in “Other Root CA”' },
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
  'sample.older-key': {
    de: 'Verschlüsselt für den Schlüssel, den Erika früher hatte. Sein Zertifikat ist abgelaufen, lesbar bleibt die Mail.',
    en: 'Encrypted for the key that Erika had before. Its certificate has expired, and the mail stays readable.',
  },
  'sample.newsletter': {
    de: 'HTML: ohne Skripte und Formulare, in einem Rahmen ohne Rechte. Von anderen Servern wird nichts geladen.',
    en: 'HTML: without scripts and forms, in a frame without rights. Nothing is fetched from other servers.',
  },
  'sample.shared': {
    de: 'An das gemeinsame Postfach: Beide haben dessen Schlüssel, und beide können das lesen.',
    en: 'To the shared mailbox: both have its key, and both can read this.',
  },
  'sample.for-max': {
    de: 'Mit dieser Signatur kommt Erikas Zertifikat. Es wird übernommen, weil sie gilt, und eine Antwort geht verschlüsselt hinaus.',
    en: 'With this signature comes Erika’s certificate. It is kept because the signature holds, and an answer goes out encrypted.',
  },
};
