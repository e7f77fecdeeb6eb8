// How the pages beside the mailbox look.

import { css } from 'lit';

export const pageStyles = css`
  :host {
    display: block;
    overflow: auto;
  }

  .page {
    display: grid;
    gap: 1rem;
    grid-template-columns: minmax(0, 1fr);
    max-width: 66rem;
    padding: 1rem 1.6rem 3rem;
  }

  .page > section {
    display: grid;
    gap: 0.6rem;
    grid-template-columns: minmax(0, 1fr);
    margin-top: 0.8rem;
  }

  form.row {
    align-items: end;
  }

  form.row .field {
    flex: 1 1 12rem;
  }

  @media (max-width: 48rem) {
    .page {
      padding: 0.8rem 1rem 2rem;
    }
  }
`;
