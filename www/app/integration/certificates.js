// The list of certificates, a page at a time, and what people decide about them.

/** The next page begins after `after`; without it there is none. */
export async function certificatePage(mailer, { filter, state, own, authorities, after }) {
  const { entries, after: next, total } = await mailer.certificates({
    ...{ filter, state, own, authorities, after },
    limit: 50,
  });
  return { entries, next, total };
}

/** Trusts or distrusts by hand, or leaves it to the issuers again. */
export async function decideTrust(mailer, { id, trust, by }) {
  return mailer.setTrust({ id, trust, by });
}

/** Takes in what a partner sent: `.cer`, `.crt`, `.pem`, `.p7b`, `.vcf`. */
export async function takenIn(mailer, { file, assign }) {
  return mailer.importCertificates({ data: file, origin: file.name, assign });
}

/** As a file for others, never with its key. */
export async function exported(mailer, { id, format }) {
  return new Blob([await mailer.exportCertificate({ id, format })]);
}
