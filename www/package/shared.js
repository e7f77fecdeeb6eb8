/** The shared accounts of a mailer. */
import { only } from './given.js';
import { nameMethods } from './named.js';
import { frozen } from './stored.js';
import { Certificate } from './values.js';

export class SharedAccounts {
  #call;
  #callSealing;

  /**
   * Both call a verb: `(verb: string, options: object, revive?: (found) => unknown) => Promise`.
   *
   * @param {{ call: Function, callSealing: Function }} mailer `callSealing` one with a `seal`
   */
  constructor({ call, callSealing }) {
    this.#call = call;
    this.#callSealing = callSealing;
  }

  create(options) {
    return this.#call('mailerShare', options, changed);
  }

  inspect(options) {
    return this.#call('mailerInspectShared', options, account);
  }

  async accept(options) {
    return this.#call('mailerAcceptShared', only(options, 'data', 'administrator', 'isNewAdministrator'), account);
  }

  list(options) {
    return this.#call('mailerSharedAccounts', options, ({ entries, problems }) =>
      frozen({ entries: entries.map(account), problems }),
    );
  }

  addMembers(options) {
    return this.#call('mailerAddMembers', options, changed);
  }

  removeMembers(options) {
    return this.#call('mailerRemoveMembers', options, changed);
  }

  replaceIdentities(options) {
    return this.#call('mailerReplaceIdentities', options, changed);
  }

  memberKey(options) {
    return this.#call('mailerMemberKey', options, key);
  }

  createMemberKey(options) {
    return this.#callSealing('mailerCreateMemberKey', options, key);
  }
}

nameMethods(SharedAccounts, 'sharedAccounts.');

const withCertificate = (one) => ({ ...one, certificate: new Certificate(one.certificate) });

const key = (found) => found && frozen(withCertificate(found));

const account = ({ administrator, members, identities, ...rest }) =>
  frozen({
    ...rest,
    administrator: new Certificate(administrator),
    members: members.map(withCertificate),
    identities: identities.map(withCertificate),
  });

const changed = ({ account: found, ...rest }) => frozen({ ...rest, account: account(found) });
