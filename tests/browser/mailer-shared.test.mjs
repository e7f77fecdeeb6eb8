// Shared accounts in Chromium: several users, each with a database of their own, and a host that carries bytes.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { issue } from './support/issue.mjs';
import { launchMailer, secondTab } from './support/mailer-page.mjs';

const { chromium, identities, close } = await launchMailer();
after(close);

const team = 'team@example.com';
await issue(identities.folder, { name: 'team', addresses: [team] });
await issue(identities.folder, { name: 'team2', addresses: [team], from: 0 });
await issue(identities.folder, { name: 'sales', addresses: ['sales@example.com'] });
for (const name of ['anna', 'ben', 'cleo']) {
  await issue(identities.folder, { name, addresses: [`${name}@example.com`] });
}

/** Runs on a page with `mailer-page/shared.js` as its first argument. */
const on = (page, work, ...rest) => {
  const source = `async (...rest) => (${work})(await import('/mailer-page/shared.js'), ...rest)`;
  return page.evaluate(`(${source})(...${JSON.stringify(rest)})`);
};

test('K7: what an administrator shares, a member signs and decrypts with, and nobody else', async () => {
  await chromium.page(async (page) => {
    const found = await on(page, async ({ user, shared, codes, compose, mailToTeam, file }) => {
      const [anna, ben, cleo] = [await user('anna'), await user('ben'), await user('cleo')];
      const { data, account, problems } = await shared(anna, [anna, ben]);
      const before = await ben.mailer.open({ message: await mailToTeam(), account: 'team@example.com' });
      const shown = await ben.mailer.sharedAccounts.inspect({ data });
      const accepted = await ben.mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      const opened = await ben.mailer.open({ message: await mailToTeam(), account: 'team@example.com' });
      await ben.mailer.importCertificates({ data: await file('anna.der') });
      const readiness = await ben.mailer.recipients({ from: 'team@example.com', to: ['anna@example.com'] });
      const sent = await ben.mailer.protect({ message: await compose('team@example.com'), sign: true, encrypt: true });
      const received = await anna.mailer.open({ message: sent.outgoing[0].message });
      const others = await cleo.mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      const closed = await cleo.mailer.open({ message: await mailToTeam(), account: 'team@example.com' });
      const [own] = (await ben.mailer.identities()).filter(({ isShared }) => isShared);
      const { entries } = await ben.mailer.certificates({ own: true });
      return {
        first: [account.epoch, account.isMember, account.isAdministrator, codes(problems)],
        before: [before.lock.code, codes(before.problems)],
        shown: [shown.account, shown.administrator.fingerprint === anna.certificate.fingerprint, shown.isMember],
        accepted: [accepted.epoch, accepted.isMember, accepted.isAdministrator, accepted.members.map(({ name }) => name)],
        opened: [opened.lock.code, opened.view.bodies[0].text.trim()],
        ready: [readiness.canSign, readiness.canEncrypt, readiness.sender.signer.certificate.addresses],
        sent: [sent.isSigned, sent.isEncrypted, received.status, received.view.bodies[0].text.trim()],
        others: [others.isMember, codes(others.problems), codes(closed.problems)],
        own: [own.isUnlocked, own.accounts, own.origin, own.ways.length],
        rows: entries.map(({ addresses, isOwn, isShared }) => [addresses[0], isOwn, isShared]),
      };
    });
    assert.deepEqual(found, {
      first: [1, true, true, []],
      before: ['lock/unreadable', ['decrypt/for-certificates', 'decrypt/shared-without-key']],
      shown: [team, true, true],
      accepted: [1, true, false, ['anna', 'ben']],
      opened: ['lock/encrypted', 'to the team'],
      ready: [true, true, [team]],
      sent: [true, true, 'verified', 'from the team'],
      others: [false, ['shared/not-a-member'], ['decrypt/for-certificates', 'decrypt/shared-without-key']],
      own: [true, [team], 'shared', 0],
      rows: [['ben@example.com', true, false], [team, true, true]],
    });
  });
});

test('K7: members come and go, the epoch rises, and what is older is refused', async () => {
  await chromium.page(async (page) => {
    const found = await on(page, async ({ user, shared, member, code, codes, mailToTeam, team }) => {
      const [anna, ben, cleo] = [await user('anna'), await user('ben'), await user('cleo')];
      const { data: first } = await shared(anna, [anna, ben]);
      const administrator = anna.certificate;
      for (const { mailer } of [ben, cleo]) await mailer.sharedAccounts.accept({ data: first, administrator });
      const second = await anna.mailer.sharedAccounts.addMembers({ account: team, members: [member(cleo)] });
      await cleo.mailer.sharedAccounts.accept({ data: second.data });
      const joined = await cleo.mailer.open({ message: await mailToTeam(), account: team });
      const third = await anna.mailer.sharedAccounts.removeMembers({ account: team, members: [ben.certificate] });
      const left = await ben.mailer.sharedAccounts.accept({ data: third.data });
      const opened = await ben.mailer.open({ message: await mailToTeam(), account: team });
      const listed = async ({ mailer }) => {
        const { entries } = await mailer.sharedAccounts.list();
        const own = (await mailer.identities()).filter(({ isShared }) => isShared);
        return [entries.map(({ epoch, isMember }) => [epoch, isMember]), own.length];
      };
      const back = [
        await code(ben.mailer.sharedAccounts.accept({ data: first })),
        await code(ben.mailer.sharedAccounts.accept({ data: second.data, administrator })),
        await code(ben.mailer.sharedAccounts.accept({ data: third.data })),
      ];
      const names = second.account.members.map(({ name }) => name);
      return {
        epochs: [second.account.epoch, third.account.epoch],
        problems: [codes(second.problems), codes(third.problems)],
        names,
        joined: joined.view.bodies[0].text.trim(),
        left: [left.epoch, left.isMember, codes(left.problems)],
        opened: codes(opened.problems),
        ben: await listed(ben),
        back,
        cleo: await listed(cleo),
        anna: await listed(anna),
        last: await code(
          anna.mailer.sharedAccounts.removeMembers({ account: team, members: [anna.certificate, cleo.certificate] }),
        ),
        stranger: await code(anna.mailer.sharedAccounts.removeMembers({ account: team, members: [ben.certificate] })),
        foreign: await code(cleo.mailer.sharedAccounts.addMembers({ account: team, members: [member(ben)] })),
        unknown: await code(anna.mailer.sharedAccounts.addMembers({ account: 'x@example.com', members: [member(ben)] })),
        after: (await anna.mailer.sharedAccounts.list()).entries[0].epoch,
      };
    });
    assert.deepEqual(found, {
      epochs: [2, 3],
      problems: [[], ['shared/rekey-suggested']],
      names: ['anna', 'ben', 'cleo'],
      joined: 'to the team',
      left: [3, false, ['shared/not-a-member']],
      opened: ['decrypt/key-removed', 'decrypt/shared-without-key'],
      ben: [[[3, false]], 0],
      back: ['shared/rolled-back', 'shared/rolled-back', 'done'],
      cleo: [[[2, true]], 1],
      anna: [[[3, true]], 1],
      last: 'refused/last-recipient',
      stranger: 'store/not-found',
      foreign: 'shared/not-administrator',
      unknown: 'store/not-found',
      after: 3,
    });
  });
});

test('K7: a new identity takes the place of one, and old mail stays readable', async () => {
  await chromium.page(async (page) => {
    const found = await on(page, async ({ user, shared, bring, mailToTeam, compose, team, codes, file }) => {
      const [anna, ben] = [await user('anna'), await user('ben')];
      const { data } = await shared(anna, [anna, ben]);
      await ben.mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      const next = await bring(anna.mailer, 'team2', 'anna');
      await anna.mailer.unlock({ passphrase: 'anna' });
      const changed = await anna.mailer.sharedAccounts.replaceIdentities({ account: team, ids: [next] });
      const accepted = await ben.mailer.sharedAccounts.accept({ data: changed.data });
      const texts = [];
      for (const name of ['team', 'team2']) {
        const opened = await ben.mailer.open({ message: await mailToTeam(name, name), account: team });
        texts.push(opened.view.bodies[0].text.trim());
      }
      await ben.mailer.importCertificates({ data: await file('anna.der') });
      const { sender } = await ben.mailer.recipients({ from: team, to: ['anna@example.com'] });
      const sent = await ben.mailer.protect({ message: await compose(team), sign: true });
      return {
        problems: codes(changed.problems),
        ids: [changed.account.identities.length, changed.account.identities[0].id === next, accepted.epoch],
        texts,
        signer: sender.signer.id === next,
        signed: sent.isSigned,
        own: (await ben.mailer.identities()).filter(({ isShared }) => isShared).length,
      };
    });
    assert.deepEqual(found, {
      problems: [],
      ids: [2, true, 2],
      texts: ['team', 'team2'],
      signer: true,
      signed: true,
      own: 2,
    });
  });
});

test('K7: a shared key is locked with the own one, in all tabs and after a restart', async () => {
  await chromium.page(async (page) => {
    const prepared = await on(page, async ({ user, shared, mailToTeam, team }) => {
      const [anna, ben] = [await user('anna'), await user('ben')];
      const { data } = await shared(anna, [anna, ben]);
      await ben.mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      await ben.mailer.lock();
      const locked = await ben.mailer.open({ message: await mailToTeam(), account: team });
      const own = (await ben.mailer.identities()).map(({ isUnlocked, isShared }) => [isShared, isUnlocked]);
      return { lock: locked.lock.code, who: locked.locked.map(({ addresses }) => addresses[0]), own };
    });
    assert.deepEqual(prepared, { lock: 'lock/locked', who: [team], own: [[false, false], [true, false]] });

    await page.reload();
    const found = await on(page, async ({ mailerOf, mailToTeam, team, trap }) => {
      const mailer = await mailerOf('ben');
      const text = async (from) => (await from.open({ message: await mailToTeam(), account: team })).view?.bodies[0].text.trim();
      const before = await text(mailer);
      const { unlocked } = await mailer.unlock({ passphrase: 'ben' });
      const after = await text(mailer);
      // The worker ends by a trap, and the next one goes on.
      const trapped = await trap().catch(({ code }) => code);
      const again = await text(mailer);
      const other = await mailerOf('ben', { worker: false });
      const inPlace = await text(other);
      await mailer.lock();
      return { before, unlocked: unlocked.length, after, trapped, again, inPlace, locked: await text(other) };
    });
    assert.deepEqual(found, {
      unlocked: 2,
      after: 'to the team',
      trapped: 'internal/trap',
      again: 'to the team',
      inPlace: 'to the team',
    });
  });
});

test('K7: who loses the membership loses the key in every tab', async () => {
  await chromium.page(async (page) => {
    const data = await on(page, async ({ user, shared, team }) => {
      const [anna, ben] = [await user('anna'), await user('ben')];
      const { data } = await shared(anna, [anna, ben]);
      await ben.mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      window.ben = ben.mailer;
      const removed = await anna.mailer.sharedAccounts.removeMembers({ account: team, members: [ben.certificate] });
      return [...removed.data];
    });
    const second = await secondTab(page);
    const opens = (tab) =>
      on(tab, async ({ mailerOf, mailToTeam, team }) => {
        window.ben ??= await mailerOf('ben');
        const { lock } = await window.ben.open({ message: await mailToTeam(), account: team });
        return lock.code;
      });
    assert.equal(await opens(second), 'lock/encrypted', 'the tab shares what is unlocked');
    await on(page, async (_, data) => void (await window.ben.sharedAccounts.accept({ data: new Uint8Array(data) })), data);
    assert.equal(await opens(page), 'lock/unreadable');
    assert.equal(await opens(second), 'lock/unreadable');
    await second.close();
  });
});

test('K7: a member without a certificate has a key for shared accounts alone', async () => {
  await chromium.page(async (page) => {
    const found = await on(page, async ({ user, shared, member, mailToTeam, team, code, parseCertificates }) => {
      const anna = await user('anna');
      const dora = await user('dora', { own: [] });
      const none = await dora.mailer.sharedAccounts.memberKey();
      const seal = { passphrase: 'dora' };
      const made = await dora.mailer.sharedAccounts.createMemberKey({ seal, name: 'Dora' });
      const again = await code(dora.mailer.sharedAccounts.createMemberKey({ seal }));
      const kept = await dora.mailer.sharedAccounts.memberKey();
      // The host carries the certificate; the administrator compares the fingerprint.
      const [carried] = await parseCertificates({ data: made.certificate.der });
      await dora.mailer.unlock(seal);
      const { data } = await shared(anna, [anna, { name: 'Dora', certificate: carried }]);
      const accepted = await dora.mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      const opened = await dora.mailer.open({ message: await mailToTeam(), account: team });
      const own = await dora.mailer.recipients({ from: 'dora@example.com', to: ['anna@example.com'] });
      const rows = async (options) => (await dora.mailer.certificates(options)).entries.map(({ addresses }) => addresses);
      const listed = { own: await rows({ own: true }), identities: (await dora.mailer.identities()).length };
      const { details } = await dora.mailer.certificate({ id: made.id });
      await dora.mailer.lock();
      const passphrase = 'dora';
      const { unlocked } = await dora.mailer.unlock({ passphrase });
      const reminders = await dora.mailer.reminders({ days: [1_000_000] });
      await dora.mailer.removeIdentity({ id: made.id });
      const removed = await dora.mailer.open({ message: await mailToTeam(), account: team });
      return {
        none: none === undefined,
        again,
        same: kept.id === made.id && carried.fingerprint === made.certificate.fingerprint,
        subject: [made.certificate.subject, made.certificate.addresses, details.keyUsages],
        accepted: accepted.isMember,
        opened: opened.view.bodies[0].text.trim(),
        sender: [own.canSign, own.canEncrypt, own.sender.problems.map(({ code }) => code)],
        listed,
        reminders: reminders.length,
        unlocked: unlocked.length,
        removed: removed.lock.code,
        gone: (await dora.mailer.sharedAccounts.memberKey()) === undefined,
        rows: await rows({ own: true }),
      };
    });
    assert.deepEqual(found, {
      none: true,
      again: 'shared/member-key-exists',
      same: true,
      subject: ['CN=Dora', [], ['keyAgreement']],
      accepted: true,
      opened: 'to the team',
      sender: [false, false, ['sender/no-certificate', 'sender/no-encryption-certificate']],
      listed: { own: [[team]], identities: 1 },
      reminders: 1,
      unlocked: 2,
      removed: 'lock/unreadable',
      gone: true,
      rows: [],
    });
  });
});

test('K7: a backup and a second device bring the account along, and never an older epoch', async () => {
  await chromium.page(async (page) => {
    const found = await on(page, async ({ user, shared, member, mailerOf, mailToTeam, team, code, codes }) => {
      const [anna, ben, cleo] = [await user('anna'), await user('ben'), await user('cleo')];
      const { data } = await shared(anna, [anna, ben]);
      await ben.mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      const { data: backup, problems } = await ben.mailer.backup({ passphrase: 'backup' });
      const second = await anna.mailer.sharedAccounts.addMembers({ account: team, members: [member(cleo)] });
      await ben.mailer.sharedAccounts.accept({ data: second.data });
      const epochs = async (mailer) => {
        const { entries, problems } = await mailer.sharedAccounts.list();
        return [entries.map(({ epoch, isMember }) => [epoch, isMember]), codes(problems)];
      };
      const opens = async (mailer) => (await mailer.open({ message: await mailToTeam(), account: team })).lock.code;

      // Another device: it knows what the backup knew, and goes on from there.
      const device = await mailerOf('device');
      await device.restore({ data: backup, passphrase: 'backup' });
      const before = await epochs(device);
      await device.unlock({ passphrase: 'backup' });
      const restored = [before, await epochs(device), await opens(device)];
      const pinned = await code(device.sharedAccounts.accept({ data: second.data }));
      const older = await code(device.sharedAccounts.accept({ data }));

      // Where it is known already, the newer state stays, also for who is no member any more.
      await ben.mailer.restore({ data: backup, passphrase: 'backup' });
      const known = [await epochs(ben.mailer), await opens(ben.mailer)];
      const third = await anna.mailer.sharedAccounts.removeMembers({ account: team, members: [ben.certificate] });
      await ben.mailer.sharedAccounts.accept({ data: third.data });
      await ben.mailer.restore({ data: backup, passphrase: 'backup' });
      await ben.mailer.unlock({ passphrase: 'ben' });
      const left = [await epochs(ben.mailer), await opens(ben.mailer)];

      // And what a device learns that the other does not know closes the account there too.
      const { data: newer } = await ben.mailer.backup({ passphrase: 'backup' });
      await device.restore({ data: newer, passphrase: 'backup' });
      const closed = [await epochs(device), await opens(device)];
      return { problems: codes(problems), restored, pinned, older, known, left, closed };
    });
    assert.deepEqual(found, {
      problems: [],
      restored: [[[[1, true]], []], [[[1, true]], []], 'lock/encrypted'],
      pinned: 'done',
      older: 'shared/rolled-back',
      known: [[[[2, true]], []], 'lock/encrypted'],
      left: [[[[3, false]], []], 'lock/unreadable'],
      closed: [[[[3, false]], []], 'lock/unreadable'],
    });
  });
});

test('K7: devices that share through the host come to rest, with the account on each', async () => {
  await chromium.page(async (page) => {
    const found = await on(page, async ({ user, shared, mailerOf, mailToTeam, team }) => {
      let kept;
      const sync = {
        pull: async () => kept,
        push: async ({ data, replaces }) => {
          if (replaces !== kept?.version) return false;
          kept = { data, version: (kept?.version ?? 0) + 1 };
          return true;
        },
      };
      const [anna, ben] = [await user('anna'), await user('ben', { options: { sync } })];
      const passphrase = 'sync';
      const first = await ben.mailer.sync({ passphrase });
      const phone = await mailerOf('phone', { sync });
      await phone.sync({ passphrase });
      await phone.unlock({ passphrase });
      const { data } = await shared(anna, [anna, ben]);
      await ben.mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      const steps = [first, await ben.mailer.sync({ passphrase }), await phone.sync({ passphrase }), await ben.mailer.sync({ passphrase })];
      const opened = await phone.open({ message: await mailToTeam(), account: team });
      return { pushed: steps.map(({ pushed }) => pushed), lock: opened.lock.code };
    });
    assert.deepEqual(found, { pushed: [true, true, false, false], lock: 'lock/encrypted' });
  });
});

test('K7: somebody else takes over an account, and each member confirms it', async () => {
  await chromium.page(async (page) => {
    const found = await on(page, async ({ user, shared, member, code, team }) => {
      const [anna, ben, cleo] = [await user('anna'), await user('ben'), await user('cleo')];
      const { data, account } = await shared(anna, [anna, ben, cleo]);
      for (const { mailer } of [ben, cleo]) await mailer.sharedAccounts.accept({ data, administrator: anna.certificate });
      const taken = await ben.mailer.sharedAccounts.create({
        account: team,
        administrator: ben.ids.ben,
        ids: account.identities.map(({ id }) => id),
        members: [ben, cleo].map(member),
      });
      const accept = (options) => cleo.mailer.sharedAccounts.accept({ data: taken.data, ...options });
      const refused = [
        await code(accept()),
        await code(accept({ administrator: ben.certificate })),
        await code(accept({ isNewAdministrator: true })),
      ];
      const accepted = await accept({ administrator: ben.certificate, isNewAdministrator: true });
      const late = await anna.mailer.sharedAccounts.addMembers({ account: team, members: [member(anna)] });
      return {
        epoch: taken.account.epoch,
        refused,
        accepted: [accepted.epoch, accepted.administrator.fingerprint === ben.certificate.fingerprint],
        late: await code(cleo.mailer.sharedAccounts.accept({ data: late.data })),
        back: await code(cleo.mailer.sharedAccounts.accept({ data: late.data, administrator: anna.certificate })),
      };
    });
    assert.deepEqual(found, {
      epoch: 2,
      refused: ['shared/not-authentic', 'shared/other-administrator', 'usage/wrong-option'],
      accepted: [2, true],
      late: 'shared/not-authentic',
      back: 'shared/other-administrator',
    });
  });
});

test('K7: a user has several accounts, and each stands for its own address', async () => {
  await chromium.page(async (page) => {
    const found = await on(page, async ({ user, shared, bring, member, code, codes, team }) => {
      const sales = 'sales@example.com';
      const accounts = [{ address: 'ben@example.com' }, { address: team, kind: 'shared' }, { address: sales, kind: 'shared' }];
      const [anna, ben, cleo] = [await user('anna'), await user('ben', { options: { accounts } }), await user('cleo')];
      const { data: first } = await shared(anna, [anna, ben]);
      const ids = [await bring(cleo.mailer, 'sales', 'cleo')];
      await cleo.mailer.unlock({ passphrase: 'cleo' });
      const create = (account, rest) =>
        cleo.mailer.sharedAccounts.create({ account, administrator: cleo.ids.cleo, ids, members: [member(ben)], ...rest });
      const refused = [
        await code(create(team)),
        await code(create(sales, { administrator: ids[0] })),
        await code(create(sales, { members: [] })),
        await code(create(sales, { ids: [] })),
        await code(create('no address')),
        await code(create(sales, { administrator: '0'.repeat(64) })),
      ];
      const none = (await cleo.mailer.sharedAccounts.list()).entries.length;
      const second = await create(sales);
      const accept = (options) => ben.mailer.sharedAccounts.accept(options);
      await accept({ data: first, administrator: anna.certificate });
      // Anna administers the team's, which says nothing of sales'.
      const wrong = await code(accept({ data: second.data, administrator: anna.certificate }));
      await accept({ data: second.data, administrator: cleo.certificate });
      const own = (await ben.mailer.identities()).filter(({ isShared }) => isShared);
      const from = async (address) => {
        const { sender, canSign, canEncrypt } = await ben.mailer.recipients({ from: address, to: [team, sales] });
        return [sender.signer?.certificate.addresses[0], canSign, canEncrypt];
      };
      // What is an account's is not for the user to change.
      const [{ id }] = own;
      const seal = { passphrase: 'mine' };
      const fixed = [
        await code(ben.mailer.addUnlock({ id, seal })),
        await code(ben.mailer.renewKey({ id, seal })),
        await code(ben.mailer.removeIdentity({ id })),
      ];
      await ben.mailer.renewKey({ id: ben.ids.ben, seal });
      await ben.mailer.lock();
      await ben.mailer.unlock(seal);
      const { entries, problems } = await ben.mailer.sharedAccounts.list();
      return {
        refused,
        none,
        wrong,
        own: own.map(({ accounts }) => accounts).sort(),
        from: [await from(team), await from(sales)],
        fixed,
        entries: entries.map(({ account, epoch, isMember, isAdministrator }) => [account, epoch, isMember, isAdministrator]),
        problems: codes(problems),
      };
    });
    assert.deepEqual(found, {
      refused: [
        'usage/wrong-option',
        'usage/wrong-option',
        'usage/wrong-option',
        'usage/wrong-option',
        'usage/wrong-option',
        'store/not-found',
      ],
      none: 0,
      wrong: 'shared/not-authentic',
      own: [['sales@example.com'], [team]],
      from: [[team, true, true], ['sales@example.com', true, true]],
      fixed: ['shared/not-own', 'shared/not-own', 'shared/not-own'],
      entries: [['sales@example.com', 1, true, false], [team, 1, true, false]],
      problems: [],
    });
  });
});
