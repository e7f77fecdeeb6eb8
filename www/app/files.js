// Files of the user: what kind one is, and how bytes become one.

/** What a file is, by its name, and by its first bytes where the name says nothing. */
export async function kindOf(file) {
  const kinds = { p12: 'key', pfx: 'key', eml: 'mail', p7m: 'mail', mime: 'mail', txt: 'mail' };
  for (const extension of ['pem', 'crt', 'cer', 'der', 'p7b', 'p7c', 'vcf']) {
    kinds[extension] = 'certificate';
  }
  const extension = file.name.toLowerCase().split('.').pop();
  if (kinds[extension]) {
    return kinds[extension];
  }
  const start = await file.slice(0, 256).text();
  if (start.startsWith('-----BEGIN CERT') || start.startsWith('-----BEGIN PKCS7')) {
    return 'certificate';
  }
  return /^[\x21-\x39\x3b-\x7e]+:[ \t]/.test(start) ? 'mail' : 'unknown';
}

/** What the file dialogs offer. */
export const accept = {
  mail: '.eml,.p7m,message/rfc822',
  identity: '.p12,.pfx,.pem,.crt,.cer,.der,.p7b,.p7c,.vcf',
};

/** Hands a file to the user. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own reference by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file name made from a subject. */
export function fileName(subject, extension) {
  const name = subject
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${name || 'mail'}.${extension}`;
}
