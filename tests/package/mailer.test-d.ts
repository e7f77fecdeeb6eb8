// Compiled, never run: what callers of the mailer write must type-check, and what they must not write must not.

import { composeMessage, type Identity, type Problem, type SmimeError } from 'smime-wasm';
import { openMailer, type Account, type ListVerdict, type Mailer, type Policy, type Sync } from 'smime-wasm/mailer';

declare const mailer: Mailer;
declare const file: File;
declare const message: Uint8Array;
declare const identity: Identity;

export async function right(sync: Sync): Promise<Mailer> {
  const accounts: Account[] = [{ address: 'a@example.com', aliases: ['b@example.com'], kind: 'shared' }];
  const policy: Policy = { alwaysSign: { value: true, locked: true }, harvest: { value: 'ask' } };
  const opened = await openMailer({ accounts, database: 'user', policy, sync, trustAnchors: ['mozilla'] });
  const problems: readonly Problem[] = opened.problems;
  console.log(opened.storeId.length, problems[0]?.code === 'store/vanished');
  return opened;
}

export async function rightKeys(): Promise<void> {
  const results = await mailer.importP12({ files: [{ data: file, name: file.name, password: 'secret' }], seal: { device: true } });
  for (const { identities, error } of results) console.log(identities[0]?.id, error?.code);
  const { unlocked } = await mailer.unlock({ passphrase: 'secret', lockAfter: 60_000 });
  const passkey = await mailer.createPasskey({ name: 'a@example.com' });
  await mailer.addUnlock({ id: unlocked[0], seal: { passkey } });
}

export async function rightMail(): Promise<ListVerdict> {
  const { canEncrypt, recipients } = await mailer.recipients({ from: 'a@example.com', to: [{ address: 'b@example.com' }] });
  const why: Problem[] = recipients.flatMap(({ problems }) => problems);
  const mail = await composeMessage({ from: { address: 'a@example.com' }, text: String(canEncrypt && why.length) });
  const { outgoing, sentCopy } = await mailer.protect({ message: mail, identities: [identity], without: 'leave-out' });
  for (const { envelope, message } of outgoing) await fetch(`/submit?to=${envelope.to.join()}`, { method: 'POST', body: message });
  const { verdict, badge, view } = await mailer.open({ message: sentCopy, direction: 'sent', receivedAt: new Date() });
  console.log(badge.reasons[0]?.details, view?.attachments[0]?.name);
  for await (const { id, error } of mailer.openMany({ messages: [{ id: 7, message }] })) console.log(id.toFixed(), error);
  for await (const { id, isChanged } of mailer.readdressMany({ messages: [{ id: 'a', message }], add: [identity.certificate] })) {
    console.log(id.length, isChanged);
  }
  return JSON.parse(JSON.stringify(verdict)) as ListVerdict;
}

export function wrong(error: SmimeError): void {
  // @ts-expect-error a mailer is somebody's
  openMailer({});
  // @ts-expect-error no such kind of account
  openMailer({ accounts: [{ address: 'a@example.com', kind: 'group' }] });
  // @ts-expect-error no such value
  openMailer({ accounts: [], policy: { encrypt: { value: 'sometimes' } } });
  // @ts-expect-error a key is never stored unsealed
  mailer.importP12({ files: [{ data: file }] });
  // @ts-expect-error one way at a time
  mailer.unlock({ passphrase: 'secret', device: true });
  // @ts-expect-error nothing is sent in the clear by itself
  mailer.protect({ message, without: 'ignore' });
  // @ts-expect-error a message is bytes, never a string
  mailer.open({ message: 'From: a@example.com' });
  // @ts-expect-error only mail is archived
  mailer.archive({ identity });
  // @ts-expect-error what a mailer says is not for writing
  mailer.storeId = error.code;
}
