// NIST's Public Key Interoperability Test Suite through `checkCertificate`, in Node and in Chromium, with
// the policy inputs and the policy sets that it expects. tests/conformance/pkits.rs does the same natively;
// tests/conformance/pkits-left.tsv lists the cases that come out otherwise, and why, and
// pkits-package-left.tsv those that do so only here.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { openPlaces } from './places.mjs';
import { left } from './tables.mjs';

const vectors = process.env.SMIME_VECTORS;
if (vectors) await compare(join(vectors, 'pkits'));
else test('PKITS', { skip: 'SMIME_VECTORS is not set' });

async function compare(folder) {
  const files = async (name) => (await readdir(join(folder, name))).map((file) => `${name}/${file}`);
  const [certificates, crls] = [await files('certs'), await files('crls')];
  const { cases } = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8'));
  assert.equal(cases.length, 247);
  const byName = new Map(certificates.map((file) => [file.slice('certs/'.length, -'.crt'.length).toLowerCase(), file]));
  const task = {
    certificates,
    crls,
    anchor: byName.get('trustanchorrootcertificate'),
    at: '2020-01-01',
    cases: cases.map((one) => ({ target: byName.get(targetOf(one)), questions: questionsOf(one) })),
  };
  assert.ok(task.cases.every(({ target }) => target), 'a case without a certificate');

  const known = new Set([...(await left('pkits-left.tsv')), ...(await left('pkits-package-left.tsv'))]);
  const { places, close } = await openPlaces(folder);
  after(close);
  for (const [place, run] of Object.entries(places)) {
    test(`PKITS in ${place}`, async () => {
      const answers = await run('pkits.js', [task]);
      const wrong = [];
      for (const [i, one] of cases.entries()) {
        const differs = difference(one, answers[i]);
        if (known.has(one.id) && !differs) wrong.push(`${one.id} agrees: take it from the list`);
        if (!known.has(one.id) && differs) wrong.push(`${one.id}: ${differs}`);
      }
      assert.deepEqual(wrong, []);
    });
  }
}

/**
 * What keeps the answers from being the expected ones, if anything does. A certificate that can't be read
 * has none, and is as good as refused.
 */
function difference({ expected, user_set: user, authority_set: authority }, [answer, asAuthority]) {
  if (answer?.error) return answer.error;
  const isAccepted = answer?.trust === 'trusted' && answer.revocation === 'good';
  if (isAccepted !== (expected === 'accept')) return `not ${expected}: ${JSON.stringify(answer)}`;
  if (!isAccepted || user === undefined || user === null) return undefined;
  if (!sameSet(answer.policies, user)) return `not ${user}: ${answer.policies}`;
  return sameSet(asAuthority.policies, authority) ? undefined : `not ${authority}: ${asAuthority.policies}`;
}

/** With the user's policies, and for the set of the authorities without any. */
function questionsOf({ policy_args: given }) {
  const policies = { initial: [] };
  const words = given.split(' ');
  while (words.length > 0) {
    const word = words.shift();
    if (word === '-policy') policies.initial.push(policy(words.shift()));
    else if (word === '-explicit_policy') policies.requireExplicit = true;
    else if (word === '-inhibit_map') policies.inhibitMapping = true;
    else if (word === '-inhibit_any') policies.inhibitAny = true;
    else assert.fail(word);
  }
  const { initial, ...others } = policies;
  return [policies, others];
}

function policy(text) {
  return ['anyPolicy', 'X509v3 Any Policy'].includes(text) ? '2.5.29.32.0' : text;
}

function sameSet(policies, text) {
  const expected = text === '<empty>' ? [] : text.split(':').map(policy);
  return JSON.stringify(policies.toSorted()) === JSON.stringify(expected.toSorted());
}

/** The end-entity certificate of a case, which is named as the test is; some have names of their own. */
function targetOf({ title }) {
  const named = {
    'Valid Signatures Test1': 'ValidCertificatePathTest1',
    'All Certificates Same Policy Test1': 'ValidCertificatePathTest1',
    'Invalid Name Chaining EE Test1': 'InvalidNameChainingTest1',
    'Valid Name Chaining UIDs Test6': 'ValidNameUIDsTest6',
    'Missing CRL Test1': 'InvalidMissingCRLTest1',
  };
  let name = (named[title] ?? title).replace(/[ -]/g, '');
  if (name.includes('SelfIssuedDNname')) name = name.replace('SelfIssued', '');
  if (name.includes('onlyContains')) name = name.replace('CRLTest', 'Test');
  return `${name}ee`.toLowerCase();
}
