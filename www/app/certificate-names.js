// What to call a certificate's holder and issuer.

/** The name to call somebody by. */
export function nameOf({ subject, addresses }) {
  return attribute(subject, 'CN') ?? addresses[0] ?? attribute(subject, 'O') ?? subject;
}

/** Who issued it, as people say it. */
export function issuerOf({ issuer }) {
  const name = attribute(issuer, 'CN') ?? attribute(issuer, 'OU') ?? issuer;
  const organization = attribute(issuer, 'O');
  return organization && organization !== name ? `${name} (${organization})` : name;
}

/** A fingerprint in groups, as people compare it. */
export function grouped(hex) {
  return hex.replaceAll(':', '').toUpperCase().match(/.{1,4}/g).join(' ');
}

/** The first value of an attribute in a name as RFC 4514 writes it. */
function attribute(name, type) {
  const value = new RegExp(`(?:^|[,+])${type}=((?:\\\\.|[^\\\\,+])*)`).exec(name)?.[1];
  if (!value) return undefined;
  // RFC 4514, 2.4: a backslash stands before a special character, or before an octet of UTF-8 in hex.
  const octets = value.replace(/(?:\\[0-9a-f]{2})+/gi, (run) => decodeURIComponent(run.replaceAll('\\', '%')));
  return octets.replace(/\\(.)/g, '$1');
}
