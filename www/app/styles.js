// Styles that every component shares. They go in as constructed style sheets, which the page's
// Content-Security-Policy allows, unlike style elements and attributes.

import { css } from 'lit';

export const base = css`
  :host {
    box-sizing: border-box;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }

  ul {
    list-style: none;
  }

  h1 {
    font-size: 1.35rem;
    line-height: 1.3;
    font-weight: 650;
    text-wrap: balance;
  }

  h2 {
    font-size: 1.05rem;
    font-weight: 650;
  }

  h3 {
    font-size: 1rem;
    font-weight: 600;
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.45rem;
    min-height: 2.3rem;
    padding: 0.3rem 0.85rem;
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    background: var(--raised);
    cursor: pointer;
    text-align: start;
  }

  button:hover {
    background: var(--hover);
  }

  button:disabled {
    opacity: 0.55;
    cursor: default;
  }

  button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--accent-text);
    font-weight: 600;
  }

  button.primary:hover:not(:disabled) {
    filter: brightness(1.08);
  }

  button.plain {
    border-color: transparent;
    background: none;
  }

  button.plain:hover {
    background: var(--hover);
  }

  button.danger {
    color: var(--bad);
  }

  button.icon {
    width: 2.3rem;
    padding: 0;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  input:not([type='checkbox']),
  select,
  textarea {
    width: 100%;
    min-height: 2.3rem;
    padding: 0.35rem 0.65rem;
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    background: var(--raised);
  }

  select {
    text-overflow: ellipsis;
  }

  input[type='checkbox'] {
    width: 1.1rem;
    height: 1.1rem;
    margin: 0;
    accent-color: var(--accent);
  }

  .field {
    display: grid;
    gap: 0.25rem;
  }

  label.check {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    min-height: 2.3rem;
    cursor: pointer;
  }

  .caption {
    font-size: 0.87rem;
    color: var(--muted);
  }

  .error {
    color: var(--bad);
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }

  .spread {
    justify-content: space-between;
  }

  .stack {
    display: grid;
    gap: 0.9rem;
  }

  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    padding: 0.05rem 0.55rem;
    border-radius: 1rem;
    background: var(--hover);
    color: var(--muted);
    font-size: 0.8rem;
    white-space: nowrap;
  }

  .chip.good {
    background: var(--good-soft);
    color: var(--good);
  }

  .chip.warn {
    background: var(--warn-soft);
    color: var(--warn);
  }

  .chip.bad {
    background: var(--bad-soft);
    color: var(--bad);
  }

  .chip.accent {
    background: var(--accent-soft);
    color: var(--accent);
  }

  .sr-only {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .break {
    overflow-wrap: anywhere;
  }

  svg {
    flex: none;
    width: 1.2em;
    height: 1.2em;
  }
`;
