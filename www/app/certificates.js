// What the page asks of a certificate.

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

export function hasAddress(certificate, address) {
  return certificate.addresses.some((own) => comparable(own) === comparable(address));
}

export function isAuthority(certificate) {
  return certificate.isCa;
}

/** An authority that nobody else vouches for. */
export function isRoot(certificate) {
  return isAuthority(certificate) && certificate.subject === certificate.issuer;
}

export function sameCertificate(a, b) {
  return a.fingerprint === b.fingerprint;
}

/** 'valid', 'expired' or 'not-yet-valid'. */
export function validity({ notBefore, notAfter }, now = new Date()) {
  if (now > notAfter) return 'expired';
  return now < notBefore ? 'not-yet-valid' : 'valid';
}

/**
 * Whether mail to an address can be encrypted, and if not, why.
 *
 * @returns {{ address: string, certificate?: Certificate, reason?: 'address' | 'no-certificate' | 'expired' |
 *   'not-yet-valid' | 'usage', date?: Date }} `certificate` and no `reason` if it can
 */
export function readiness(address, certificates, now = new Date()) {
  if (!isAddress(address)) {
    return { address, reason: 'address' };
  }
  const candidates = certificates
    .map((certificate) => ({ address, certificate, ...obstacle(certificate, now) }))
    .sort((a, b) => b.certificate.notAfter - a.certificate.notAfter);
  return candidates.find(({ reason }) => !reason) ?? candidates[0] ?? { address, reason: 'no-certificate' };
}

export function isAddress(text) {
  return /^[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)*$/.test(text);
}

/** The first value of an attribute in a name as RFC 4514 writes it. */
function attribute(name, type) {
  const value = new RegExp(`(?:^|[,+])${type}=((?:\\\\.|[^\\\\,+])*)`).exec(name)?.[1];
  if (!value) return undefined;
  // RFC 4514, 2.4: a backslash stands before a special character, or before an octet of UTF-8 in hex.
  const octets = value.replace(/(?:\\[0-9a-f]{2})+/gi, (run) => decodeURIComponent(run.replaceAll('\\', '%')));
  return octets.replace(/\\(.)/g, '$1');
}

function obstacle(certificate, now) {
  const state = validity(certificate, now);
  if (state === 'expired') return { reason: state, date: certificate.notAfter };
  if (state === 'not-yet-valid') return { reason: state, date: certificate.notBefore };
  return certificate.canEncrypt ? {} : { reason: 'usage' };
}

/** Hosts compare without case, local parts exactly but for ASCII case. */
function comparable(address) {
  return address.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
