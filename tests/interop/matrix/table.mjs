// docs/INTEROP.md, written and read.
//
// Results are objects: by the peer's name, `version` and `cells`, which are, by the title of the table
// and the name of the row, true, `refused`, or the reason why the peer can't.

const intro = `# Interoperability

What other implementations of S/MIME read of what this package writes, and the other way round. The
tests fill these tables (\`tests/interop/matrix.test.mjs\`): OpenSSL and NSS in \`cargo xtask test\`, all
of them in \`cargo xtask test --all\`. What peers write is read in Node and in Chromium. A cell that
turns out otherwise fails the tests; with another version of a peer they tell, and go on where it can
do more. \`sh tests/interop/peers/set-up.sh all\` installs the peers, and
\`INTEROP_WRITE=1 cargo xtask test --all\` writes this file.

✓ works, –ⁿ the peer can't, for the reason of that number. ✗ we refuse it on purpose, SUPPORT.md says
why. There is no cell in which we can't otherwise.

Peers of these versions leave some rows to themselves. OpenSSL 3.6.5 and Bouncy Castle 1.86.2 were asked
by hand (an \`openssl\` in the PATH, \`BOUNCYCASTLE=/folder/of/jars\`), and agree with us on ML-DSA-65,
ML-KEM-768, Ed25519, X25519 with HKDF, zlib and PBMAC1 wherever they know them.
`;

/** The cell of what we refuse. */
export const refused = 'refused';
const marks = { true: '✓', [refused]: '✗' };

/** @param {string[]} titles of the tables, in their order */
export function markdown(results, titles) {
  const peers = Object.keys(results);
  const reasons = Object.fromEntries(peers.map((peer) => [peer, reasonsOf(results[peer])]));
  const cell = (peer, title, row) => {
    const found = results[peer].cells[title][row];
    if (found === undefined) return '';
    return marks[found] ?? `–<sup>${reasons[peer].indexOf(found) + 1}</sup>`;
  };
  const table = (title) => {
    const peers = Object.keys(results).filter((peer) => results[peer].cells[title]);
    const rows = [...new Set(peers.flatMap((peer) => Object.keys(results[peer].cells[title])))];
    return [
      `## ${title}\n`,
      line(['', ...peers]),
      line(['---', ...peers.map(() => ':-:')]),
      ...rows.map((row) => line([row, ...peers.map((peer) => cell(peer, title, row))])),
    ];
  };
  const versions = peers.map((peer) => line([peer, results[peer].version]));
  const notes = peers.flatMap((peer) =>
    reasons[peer].length ? [`\n${peer}:\n`, ...reasons[peer].map((reason, i) => `${i + 1}. ${reason}`)] : [],
  );
  const lines = [
    intro, line(['peer', 'version']), line(['---', '---']), ...versions,
    ...titles.flatMap((title) => ['', ...table(title)]),
    '\n## Why peers can\'t', ...notes,
  ];
  return lines.join('\n') + '\n';
}

const line = (cells) => `| ${cells.join(' | ')} |`;
const reasonsOf = ({ cells }) =>
  [...new Set(Object.values(cells).flatMap((rows) => Object.values(rows)))].filter((cell) => !(cell in marks));

/** The results that a file shows. */
export function parse(text) {
  const [head, ...sections] = text.split(/^## /m);
  const table = (section) => {
    const lines = section.split('\n').filter((line) => line.startsWith('| '));
    return lines.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  };
  const reasons = {};
  let peer;
  for (const row of sections.pop()?.split('\n') ?? []) {
    const [, reason] = /^\d+\. (.*)/.exec(row) ?? [];
    if (reason) reasons[peer].push(reason);
    else if (row.endsWith(':')) reasons[peer = row.slice(0, -1)] = [];
  }
  const results = Object.fromEntries(table(head).slice(2).map(([name, version]) => [name, { version, cells: {} }]));
  for (const section of sections) {
    const title = section.slice(0, section.indexOf('\n'));
    const [[, ...peers], , ...rows] = table(section);
    for (const [name, ...cells] of rows) {
      for (const [i, cell] of cells.entries()) {
        const number = /\d+/.exec(cell)?.[0];
        const found = number ? reasons[peers[i]][number - 1] : cell === marks[refused] ? refused : true;
        if (cell) (results[peers[i]].cells[title] ??= {})[name] = found;
      }
    }
  }
  return results;
}
