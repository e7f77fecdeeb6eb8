// An application, as each bundler gets it.

import { composeMessage, parseCertificates } from 'smime-wasm';
import { openMailer } from 'smime-wasm/mailer';
import { label } from 'smime-wasm/texts';

const passphrase = 'correct horse battery staple';

const file = async (name) => (await fetch(`/files/${name}`)).blob();

/** Alice's mailer sends a mail, and opens what it sent. */
globalThis.send = async () => {
  const accounts = [{ address: 'alice@example.com' }];
  const trustAnchors = ['mozilla', ...(await parseCertificates({ data: await file('ca.der') }))];
  const mailer = await openMailer({ accounts, trustAnchors });
  await mailer.importP12({ files: [{ data: await file('alice.p12'), password: 'secret' }], seal: { passphrase } });
  await mailer.unlock({ passphrase });
  const [from, to] = [{ address: 'alice@example.com' }, [{ address: 'customer@example.org' }]];
  const message = await composeMessage({ from, to, subject: 'Offer', text: 'Here it is.' });
  const { outgoing, isSigned } = await mailer.protect({ message });
  const { badge } = await mailer.open({ message: outgoing[0].message, direction: 'sent' });
  const { mozilla } = await mailer.trustAnchors();
  mailer.close();
  return { isSigned, badge: label(badge.code, 'en'), roots: mozilla.date, isIsolated: crossOriginIsolated };
};
