// Addresses as people type them.

/** The addresses in what somebody typed: `[{ name, address }]`. */
export function parseAddresses(text) {
  // Commas and semicolons within quotes and angle brackets separate nothing.
  const typed = text.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,;"<])+/g) ?? [];
  return typed
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [, name, address] = /^(.*?)\s*<([^>]*)>$/s.exec(one) ?? [null, '', one];
      return { name: name.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1'), address: address.trim() };
    });
}

/** Addresses as somebody would type them: what `parseAddresses` reads. */
export function typedAddresses(addresses) {
  const quoted = (name) => (/[",;<>\\@]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name);
  return addresses.map(({ name, address }) => (name ? `${quoted(name)} <${address}>` : address)).join(', ');
}

export function isAddress(text) {
  return /^[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)*$/.test(text);
}
