// Who uses the demo. Each person has a mailer, and so a database, of their own (FEATURES C2); a shared
// mailbox is an account of each of its members.

const key = 'smime-wasm-demo.people';

const projekt = { address: 'projekt@example.com', name: 'Projekt-Postfach', kind: 'shared' };

/** What their administrator says: the rest is up to them (FEATURES C1). */
const policy = { encryptOnlySigned: { value: true, locked: true } };

/** The two whose keys and mails come with the demo; samples/make.sh made them. */
export const samplePeople = [
  {
    id: 'erika',
    name: 'Erika Mustermann',
    accounts: [{ address: 'erika@example.com', name: 'Erika Mustermann', kind: 'personal' }, projekt],
    policy,
    keys: ['erika.p12', 'erika-2023.p12', 'projekt.p12'],
  },
  {
    id: 'max',
    name: 'Max Muster',
    accounts: [{ address: 'max@example.net', name: 'Max Muster', kind: 'personal' }, projekt],
    policy,
    keys: ['max.p12'],
  },
];

/** Who shares the mailbox, as the administrator of its key (FEATURES K7). */
export const sharing = { account: projekt.address, administrator: 'erika', members: ['erika', 'max'] };

/** The key that the company's archive reads with. */
export const archiveKey = 'archiv.p12';

/** The password of the samples' key files, and the passphrase that seals them here. */
export const samplePassword = 'demo';

/** Somebody with an address, and keys of their own to be imported. */
export function visitor({ name, address }) {
  return { id: 'own', name, accounts: [{ address, name, kind: 'personal' }], keys: [] };
}

/** The people of this browser; none before the first start. */
export function loadPeople() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

/** With the `storeId` of each one's database, which tells when the browser cleared it. */
export function savePeople(people) {
  localStorage.setItem(key, JSON.stringify(people));
}

export const databaseOf = ({ id }) => `smime-wasm-demo-${id}`;

/** Those who are there: somebody who left is not. */
export const present = (people) => people.filter(({ hasLeft }) => !hasLeft);

/** The account of an address, whosever it is. */
export function accountAt(people, address) {
  const wanted = comparable(address);
  return people.flatMap(({ accounts }) => accounts).find((account) => comparable(account.address) === wanted);
}

/** What somebody is called in one of their accounts. */
export const nameAt = ({ accounts }, address) => accounts.find((account) => account.address === address)?.name;

/** Hosts compare without case, local parts exactly but for ASCII case. */
export function comparable(address) {
  return address.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
