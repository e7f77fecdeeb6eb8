// How the page for writing looks.

import { css } from 'lit';

export const composeStyles = css`
  :host {
    display: block;
    overflow: auto;
  }

  form {
    display: flex;
    flex-direction: column;
    gap: 0.8rem;
    max-width: 58rem;
    min-height: 100%;
    padding: 1rem 1.6rem 1.5rem;
  }

  .fields {
    display: grid;
    gap: 0.45rem;
  }

  .line {
    display: grid;
    grid-template-columns: 6.5rem minmax(0, 1fr);
    align-items: center;
    gap: 0.15rem 0.5rem;
    color: var(--muted);
  }

  .line > * {
    color: var(--text);
  }

  .line > span:first-child {
    color: var(--muted);
  }

  .line .caption {
    grid-column: 2;
    color: var(--muted);
  }

  .more {
    justify-self: start;
    margin-inline-start: 7rem;
    min-height: 1.9rem;
    padding-inline: 0.65rem;
    color: var(--accent);
    font-size: 0.9rem;
  }

  textarea {
    flex: 1;
    min-height: 12rem;
    resize: vertical;
  }

  .notes {
    display: grid;
    gap: 0.4rem;
  }

  .files {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
  }

  .files li {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-width: 0;
    padding-inline-start: 0.7rem;
    border: 1px solid var(--line);
    border-radius: 0.5rem;
  }

  .files .name {
    overflow-wrap: anywhere;
  }

  @media (max-width: 40rem) {
    form {
      padding: 0.8rem 1rem;
    }

    .line {
      grid-template-columns: minmax(0, 1fr);
    }

    .line .caption {
      grid-column: 1;
    }

    .more {
      margin: 0;
    }
  }
`;
