/** The ways to unlock, from what callers say to what the module takes, and back. */
import { unknownOption, wrongOption } from './errors.js';
import { askPasskey, checkPasskey, encode } from './passkeys.js';
import { normalized } from './stored.js';

/** A `Seal`: a passkey is asked for what it gives. */
export async function sealing(seal, { signal } = {}) {
  // That it is missing, and all else that is wrong with the options, the module says.
  if (seal === undefined) return undefined;
  if (typeof seal !== 'object' || seal === null) {
    throw wrongOption('seal', 'an object with a passphrase, a passkey, or device: true');
  }
  const { passphrase, passkey, device, ...unknown } = seal;
  const [option] = Object.keys(unknown);
  if (option !== undefined) throw unknownOption(`seal.${option}`, ['passphrase', 'passkey', 'device']);
  if (passkey === undefined) return { ...normalized({ passphrase }), device };
  const { id, rpId } = checkPasskey(passkey);
  return { passphrase, device, passkey: await askPasskey([id], { rpId, signal }) };
}

/** A `Way`. */
export const way = ({ credential, ...way }) =>
  Object.freeze({ ...way, ...(credential && { passkey: encode(credential) }) });
