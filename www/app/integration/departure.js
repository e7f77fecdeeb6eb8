// When somebody leaves: what they wrote and got stays readable through the archive of the company, and is
// encrypted anew for whoever takes over, without its content being decrypted (docs/FEATURES.md, R8).

/**
 * @param {object} options
 * @param {Iterable<{ id, message: Blob }>} options.messages the mailbox of whoever left
 * @param {Certificate} options.successor
 * @param {(id, message: Uint8Array) => Promise} options.write puts a message in the place of the one before
 */
export async function handOver(mailer, { messages, successor, write, onProgress, signal }) {
  const counts = { changed: 0, closed: 0 };
  const all = mailer.readdressMany({ messages, add: [successor], write, onProgress, signal });
  for await (const { isChanged, error } of all) {
    if (isChanged) counts.changed += 1;
    else if (error) counts.closed += 1;
  }
  return counts;
}
