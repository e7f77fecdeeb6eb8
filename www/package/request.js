/** What a mail says that asks somebody for their certificate. */
const texts = {
  de: {
    subject: 'Bitte um eine signierte Mail',
    text:
      'Guten Tag,\n\nich möchte Ihnen künftig verschlüsselte Mails schicken. Dafür brauche ich Ihr S/MIME-Zertifikat.\n' +
      'Bitte antworten Sie mir mit einer signierten Mail: Ihr Zertifikat ist dann dabei. Meines finden Sie in der\n' +
      'Signatur dieser Mail; damit können auch Sie mir verschlüsselt schreiben.\n\n' +
      'Wenn Sie kein Zertifikat haben, hilft Ihnen Ihre IT-Abteilung oder Ihr Mailanbieter weiter.\n',
  },
  en: {
    subject: 'Please send me a signed mail',
    text:
      'Hello,\n\nI would like to send you encrypted mail in future. For that I need your S/MIME certificate.\n' +
      'Please answer with a signed mail: your certificate will be in it. You find mine in the signature of this\n' +
      'mail, so that you can write to me encrypted too.\n\n' +
      'If you have no certificate, your IT department or your mail provider can help.\n',
  },
};

/** What such mail says, in any language. */
export const requests = Object.values(texts);

/** @returns {{ subject: string, text: string }} in a language, English where there is no such text */
export function request(language = 'en') {
  const tag = String(language).split(/[-_]/)[0].toLowerCase();
  return Object.hasOwn(texts, tag) ? texts[tag] : texts.en;
}
