// Online validation: whether certificates were revoked is told by servers of their issuers, which a page can't
// read. A relay of yours asks them (docs/examples/relay.mjs), and only where the setting `onlineValidation` is on.

/** The `fetch` of `openMailer`. */
export async function askThroughRelay(url, { method, headers, body, maxBytes, signal }) {
  const address = `relay?${new URLSearchParams({ url, max: String(maxBytes) })}`;
  const response = await fetch(address, { method, headers, body, signal });
  const redirect = response.headers.get('X-Redirect');
  if (redirect) return { redirect };
  return response.ok ? response.blob() : null;
}

/** Asks now, because the user wants to know. */
export async function askNow(mailer, { id, signal }) {
  return mailer.checkCertificate({ id, signal });
}
