// How the frame looks: the rail, and beside it the list and the mail, or one of the pages.

import { css } from 'lit';

export const frameStyles = css`
  :host {
    display: grid;
    grid-template-columns: 15rem minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
    height: 100dvh;
  }

  /* Not of the grid. */
  drop-zone,
  import-dialog,
  unlock-dialog,
  certificate-dialog {
    position: absolute;
  }

  :host(.welcome) {
    display: block;
    overflow: auto;
  }

  .skip {
    position: absolute;
    z-index: 6;
    inset-inline-start: 0.5rem;
    top: -4rem;
  }

  .skip:focus {
    top: 0.5rem;
  }

  main {
    display: grid;
    min-width: 0;
    min-height: 0;
  }

  main.mail {
    grid-template-columns: minmax(16rem, 22rem) minmax(0, 1fr);
  }

  mail-list {
    min-height: 0;
    border-inline-end: 1px solid var(--line);
  }

  mail-view,
  compose-view,
  certificates-page,
  settings-page,
  developers-page {
    min-height: 0;
    background: var(--panel);
  }

  .loading {
    display: grid;
    place-content: center;
    height: 100%;
    color: var(--muted);
  }

  .top {
    display: none;
  }

  input[type='file'] {
    display: none;
  }

  @media (max-width: 64rem) {
    :host {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr);
    }

    .top {
      display: flex;
      align-items: center;
      gap: 0.5rem;
      padding: 0.35rem 0.6rem;
      border-bottom: 1px solid var(--line);
      background: var(--panel);
    }

    .top b {
      flex: 1;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    app-rail {
      position: fixed;
      z-index: 3;
      inset: 0 auto 0 0;
      width: min(18rem, 86vw);
      box-shadow: var(--shadow);
    }

    app-rail:not([open]) {
      display: none;
    }

    .shade {
      position: fixed;
      inset: 0;
      z-index: 2;
      background: rgb(10 15 25 / 45%);
    }

    main.mail {
      grid-template-columns: minmax(0, 1fr);
    }

    mail-list {
      border: 0;
    }

    main.reading mail-list,
    main.mail:not(.reading) mail-view {
      display: none;
    }
  }
`;
