// Whom to trust, and for what: see behaviour.js for how these run.

import { equal, failure, ok } from './check.js';

const message = new TextEncoder().encode(
  'From: alice@example.com\r\nContent-Type: text/plain\r\n\r\nHello\r\n',
);

export const anchors = {
  async "'mozilla' stands for Mozilla's roots, alone and beside others"({ smime, files, options }) {
    const { trust, ca } = await signedByAlice(smime, files, options);
    equal(await trust([]), 'untrusted path/no-anchors');
    equal(await trust('mozilla'), 'untrusted path/unknown-issuer');
    equal(await trust(['mozilla']), 'untrusted path/unknown-issuer');
    equal(await trust(['mozilla', ca]), 'trusted');
    equal(await trust([ca.der, 'mozilla']), 'trusted');
  },

  async 'an anchor may be PEM'({ smime, files, options }) {
    const { trust } = await signedByAlice(smime, files, options);
    const pem = files['ca.pem'];
    equal(await trust([pem]), 'trusted');
    equal(await trust([new TextDecoder().decode(pem)]), 'trusted');
    equal(await trust(['mozilla', `${new TextDecoder().decode(pem)}${new TextDecoder().decode(pem)}`]), 'trusted');
    const error = await failure(trust(['Example CA']));
    equal(error.code, 'usage/wrong-option');
    ok(error.message.includes('PEM'), error.message);
  },

  async "Mozilla's roots are there to look at, and to give back"({ smime, files, options }) {
    const { trust, ca } = await signedByAlice(smime, files, options);
    const { source, date, licence, anchors } = await smime.mozillaRoots(options);
    ok(source.includes('NSS'), source);
    ok(new Date(date) < new Date(), date);
    equal(licence, 'MPL-2.0');
    ok(anchors.length > 70, `${anchors.length} roots`);
    for (const { certificate } of anchors) {
      ok(certificate instanceof smime.Certificate && certificate.isCa, certificate.subject);
    }
    const [{ certificate }] = anchors;
    const check = { certificate, purpose: 'any', ...options };
    const verdict = async (trustAnchors) => {
      const { trust, problems } = await smime.checkCertificate({ ...check, trustAnchors });
      return [trust, ...problems.map(({ code }) => code)].join(' ');
    };
    // They are good for e-mail, not for anything; the choice is the application's.
    equal(await verdict('mozilla'), 'untrusted path/anchor-purpose');
    equal(await verdict(anchors), 'untrusted path/anchor-purpose');
    equal(await verdict([{ ...anchors[0], emailOnly: false }]), 'trusted');
    equal(await verdict([certificate]), 'trusted');
    ok((await verdict(anchors.slice(1))).startsWith('untrusted'), 'without it');
    equal(await trust(anchors), 'untrusted path/unknown-issuer');
    equal(await trust([...anchors, ca]), 'trusted');
    const error = await failure(smime.mozillaRoots({ ...options, date: 1 }));
    equal(error.code, 'usage/unknown-option');
  },

  async 'an anchor is good for the addresses and domains it is trusted for'({ smime, files, options }) {
    const { trust, ca } = await signedByAlice(smime, files, options);
    const outside = 'untrusted path/anchor-address';
    for (const [limits, expected] of [
      [{}, 'trusted'],
      [{ addresses: ['alice@EXAMPLE.com'] }, 'trusted'],
      [{ addresses: ['bob@example.com'] }, outside],
      [{ addresses: [] }, outside],
      [{ domains: ['example.com'] }, 'trusted'],
      [{ domains: ['.example.com'] }, outside],
      [{ domains: ['example.net', 'mail.example.com'] }, outside],
      [{ addresses: ['bob@example.com'], domains: ['Example.com'] }, 'trusted'],
    ]) {
      equal(await trust([{ certificate: ca, ...limits }]), expected);
    }
    equal(await trust([{ certificate: ca.der, domains: ['example.net'] }, ca]), outside);
    equal(await trust([ca, { certificate: ca.der, domains: ['example.net'] }]), 'trusted');
  },

  async 'one certificate is trusted without its authority'({ smime, files, options }) {
    const { trust, alice } = await signedByAlice(smime, files, options);
    equal(await trust([{ certificate: alice, addresses: ['alice@example.com'] }]), 'trusted');
    equal(
      await trust([{ certificate: alice, addresses: ['bob@example.com'] }]),
      'untrusted path/anchor-address',
    );
  },

  async 'what was issued after an anchor was distrusted is not trusted'({ smime, files, options }) {
    const { trust, ca, alice } = await signedByAlice(smime, files, options);
    const second = (after) => new Date(alice.notBefore.getTime() + after * 1000);
    equal(await trust([{ certificate: ca, distrustAfter: second(0) }]), 'trusted');
    equal(
      await trust([{ certificate: ca, distrustAfter: second(-1) }]),
      'untrusted path/anchor-distrusted',
    );
  },

  async 'what is no anchor is refused'({ smime, files, options }) {
    const { verify, ca } = await signedByAlice(smime, files, options);
    for (const [trustAnchors, code, option] of [
      ['Mozilla', 'usage/wrong-option', 'trustAnchors'],
      [ca, 'usage/wrong-option', 'trustAnchors'],
      [{ certificate: ca }, 'usage/wrong-option', 'trustAnchors'],
      [['all'], 'usage/wrong-option', 'trustAnchors'],
      [[[ca]], 'usage/wrong-option', 'trustAnchors'],
      [[1], 'usage/wrong-option', 'trustAnchors'],
      [[{}], 'usage/missing-option', 'certificate'],
      [[{ certificate: 'mozilla' }], 'usage/wrong-option', 'certificate'],
      [[{ certificate: ca, addresses: 'alice@example.com' }], 'usage/wrong-option', 'addresses'],
      [[{ certificate: ca, addresses: ['example.com'] }], 'usage/wrong-option', 'addresses'],
      [[{ certificate: ca, domains: ['a@example.com'] }], 'usage/wrong-option', 'domains'],
      [[{ certificate: ca, domains: [''] }], 'usage/wrong-option', 'domains'],
      [[{ certificate: ca, distrustAfter: 0 }], 'usage/wrong-option', 'distrustAfter'],
      [[{ certificate: ca, domain: 'example.com' }], 'usage/unknown-option', 'domain'],
      [[new Uint8Array(3)], 'malformed/certificate'],
    ]) {
      const error = await failure(verify({ trustAnchors }));
      equal(`${error.code} ${error.details.option}`, `${code} ${option}`);
    }
  },
};

/** A message of Alice's, and how far it is trusted: in one line, with the reasons. */
async function signedByAlice(smime, files, options) {
  const { identities } = await smime.importP12({ data: files['alice.p12'], password: 'secret', ...options });
  const [ca] = await smime.parseCertificates({ data: files['ca.pem'], ...options });
  const signed = await smime.sign({ message, signers: identities, ...options });
  const verify = (more) => smime.verify({ message: signed, ...more, ...options });
  const trust = async (trustAnchors) => {
    const { signatures } = await verify({ trustAnchors });
    const [{ trust, problems }] = signatures;
    return [trust, ...problems.map(({ code }) => code)].join(' ');
  };
  return { verify, trust, ca, alice: identities[0].certificate };
}
