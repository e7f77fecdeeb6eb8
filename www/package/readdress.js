/** Many stored messages get other recipients, one after the other. */
import { aborted, SmimeError, unknownOption, wrongOption } from './errors.js';
import { isPlain } from './given.js';

/** What is wrong with all messages ends the loop, so that it can go on where it was. */
const ENDS = ['aborted', 'identity/locked', 'store/', 'usage/', 'internal/load'];

const OPTIONS = ['messages', 'read', 'write', 'add', 'remove', 'renew', 'signal', 'onProgress', 'now', 'limits'];

/**
 * @param {(options: object) => Promise<Uint8Array | undefined>} readdress for one message; `undefined`
 *   where nothing changes
 */
export async function* readdressMany(readdress, options) {
  const { messages, read, write, add = [], remove = [], signal, onProgress, ...common } = options;
  const { now, limits, renew, ...unknown } = common;
  const [option] = Object.keys(unknown);
  if (option !== undefined) throw unknownOption(option, OPTIONS);
  for (const [name, value] of Object.entries({ read, write })) {
    check(name, value === undefined || typeof value === 'function', 'a function');
  }
  check('add', Array.isArray(add) && Array.isArray(remove) && add.length + remove.length > 0,
    'or `remove`, an array that is not empty');

  const total = Array.isArray(messages) ? messages.length : undefined;
  let done = 0;
  for await (const item of messages) {
    if (signal?.aborted) throw aborted(signal.reason);
    const isNamed = isPlain(item) && (item.id !== undefined || !(read || write));
    check('messages', isNamed, 'a list of `{ id, message }`, or with `read` of `{ id }`');
    const { id, message: given } = item;
    const result = { id, isChanged: false };
    try {
      const message = given ?? (await read?.(id));
      check('message', message !== undefined && message !== null, 'in each item, or what `read` gives');
      const changed = await readdress({ message, add, remove, signal, ...common });
      // Only what is stored is done.
      if (changed && write) await write(id, changed);
      result.isChanged = changed !== undefined;
      if (changed && !write) result.message = changed;
    } catch (error) {
      if (endsAll(error)) throw error;
      result.error = error;
    }
    done += 1;
    onProgress?.({ done, total });
    yield Object.freeze(result);
  }
}

function endsAll(error) {
  if (!(error instanceof SmimeError)) return false;
  if (error.details?.option === 'message') return false;
  return ENDS.some((start) => error.code.startsWith(start));
}

function check(name, good, expected) {
  if (!good) throw wrongOption(name, expected);
}
