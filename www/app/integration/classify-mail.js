// The list of mails: what badge and lock show before a mail was opened (docs/FEATURES.md, R10).

/** From the header alone. `open` gives a better verdict, which replaces this one. */
export async function firstVerdict(mailer, header) {
  const { verdict } = await mailer.classify({ headers: header });
  return verdict;
}
