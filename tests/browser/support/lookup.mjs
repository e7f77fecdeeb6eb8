// What a person finds on a page, told to the browser in its own language: `onPage` gives a function that runs
// there the tools of `lookup`. The same in every browser, whatever its driver can look for.
//
// A selector is CSS that sees into shadow trees, where `>>>` steps into what was found so far. Two more
// parts are known, by the names that puppeteer has for them: `::-p-text(…)`, the innermost elements with that
// text, and `::-p-aria([name="…"][role="…"])`, what assistive technology calls so, with or without a role.

/**
 * @param {{ evaluate(source: string): Promise<unknown> }} page
 * @param {(tools: ReturnType<typeof lookup>, ...args: unknown[]) => unknown} body
 */
export const onPage = (page, body, ...args) => page.evaluate(sourceOf(body, args));

/** The same for a function that gives an element. */
export const handleOnPage = (page, body, ...args) => page.evaluateHandle(sourceOf(body, args));

const sourceOf = (body, args) => `(${body})((${lookup})(), ...${JSON.stringify(args)})`;

function lookup() {
  /** Children as they are drawn. */
  const childrenOf = (node) => {
    if (node.shadowRoot) return node.shadowRoot.childNodes;
    const slotted = node.localName === 'slot' ? node.assignedNodes() : [];
    return slotted.length ? slotted : node.childNodes;
  };
  const parentOf = (node) => node.assignedSlot ?? node.parentNode ?? node.host;

  function* below(node) {
    for (const child of childrenOf(node)) {
      if (child.nodeType !== Node.ELEMENT_NODE) continue;
      yield child;
      yield* below(child);
    }
  }

  const isVisible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
  };

  function* around(node) {
    for (let at = node; at; at = parentOf(at)) yield at;
  }

  /** What is drawn at a point, as deep as it goes. */
  const atPoint = (x, y) => {
    let at = document.elementFromPoint(x, y);
    for (let inner; (inner = at?.shadowRoot?.elementFromPoint(x, y)) && inner !== at; ) at = inner;
    return at;
  };

  /** Not behind a dialog, nor switched off with all that is around it. */
  const isWithinReach = (element) => {
    const isModal = (node) => node.matches?.('dialog:modal');
    // What is behind a dialog belongs to it for whoever clicks there.
    const modal = [...around(atPoint(1, 1))].find(isModal);
    const nodes = [...around(element)];
    const at = modal ? nodes.indexOf(modal) : nodes.length;
    return at >= 0 && !nodes.slice(0, at).some(({ inert }) => inert);
  };

  /** The innermost elements with a text, wherever its lines break. */
  const withText = (root, wanted) => {
    const found = [];
    const visit = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return { text: node.data.replace(/\s+/g, ' '), isFound: false };
      if (['script', 'style'].includes(node.localName)) return { text: '', isFound: false };
      const parts = [...childrenOf(node)].map(visit);
      const text = parts.map((part) => part.text).join('').replace(/ +/g, ' ');
      let isFound = parts.some((part) => part.isFound);
      if (!isFound && node.nodeType === Node.ELEMENT_NODE && text.includes(wanted)) {
        found.push(node);
        isFound = true;
      }
      return { text, isFound };
    };
    visit(root);
    return found;
  };

  const roleOf = (element) => {
    const byType = { checkbox: 'checkbox', radio: 'radio', button: 'button', submit: 'button', search: 'searchbox', number: 'spinbutton', file: 'button' };
    const byTag = {
      a: element.hasAttribute('href') ? 'link' : 'generic',
      button: 'button',
      dialog: 'dialog',
      iframe: 'Iframe',
      img: 'img',
      input: byType[element.type] ?? 'textbox',
      nav: 'navigation',
      select: 'combobox',
      summary: 'DisclosureTriangle',
      textarea: 'textbox',
      ul: 'list',
    };
    return element.getAttribute('role') ?? byTag[element.localName];
  };

  /** The accessible name, as far as the demo goes into it. */
  const nameOf = (element) => {
    const labelledBy = element.getAttribute('aria-labelledby');
    if (labelledBy) return labelledBy.split(/\s+/).map((id) => contentOf(element.getRootNode().getElementById(id))).join(' ');
    if (element.hasAttribute('aria-label')) return element.getAttribute('aria-label');
    if (element.labels?.length) return [...element.labels].map((label) => contentOf(label, element)).join(' ');
    if (element.localName === 'img') return element.alt;
    const content = ['button', 'link', 'DisclosureTriangle', 'option', 'tab'].includes(roleOf(element)) ? contentOf(element) : '';
    return content || element.title || element.placeholder || '';
  };

  const contentOf = (node, except) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node === except || node.nodeType !== Node.ELEMENT_NODE) return '';
    if (node.getAttribute('aria-hidden') === 'true' || !node.checkVisibility({ visibilityProperty: true })) return '';
    if (node.hasAttribute('aria-label')) return node.getAttribute('aria-label');
    if (node.localName === 'img') return node.alt;
    return [...childrenOf(node)].map((child) => contentOf(child, except)).join('');
  };

  /** Spaces come and go with how things are drawn. */
  const same = (a, b) => a.replace(/\s+/g, '') === b.replace(/\s+/g, '');

  const named = (root, rest) => {
    const [, name] = /\[name="([^]*?)"\]/.exec(rest) ?? [];
    const [, role] = /\[role="(\w+)"\]/.exec(rest) ?? [];
    const mayHaveNames = 'a, button, dialog, iframe, img, input, nav, select, summary, textarea, [role], [aria-label], [aria-labelledby]';
    return [...below(root)].filter(
      (one) =>
        one.matches(mayHaveNames) &&
        (role === undefined || roleOf(one) === role) &&
        (name === undefined || same(nameOf(one), name)) &&
        isWithinReach(one),
    );
  };

  /** Everything that a selector finds, seen or not. */
  const all = (selector) => {
    const steps = selector.split('>>>').map((step) => step.trim()).filter(Boolean);
    return steps.reduce((roots, step) => {
      const [, kind, rest] = /^::-p-(text|aria)\(([^]*)\)$/.exec(step) ?? [];
      const find = { text: (root) => withText(root, rest), aria: (root) => named(root, rest) }[kind];
      const found = roots.flatMap(find ?? ((root) => [...below(root)].filter((one) => one.matches(step))));
      return [...new Set(found)];
    }, [document]);
  };

  const visible = (selector) => all(selector).filter(isVisible);

  const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  /** Where to click on what a selector finds, or why nobody could. */
  const aim = async (selector) => {
    const [element] = visible(selector);
    if (!element) return { why: 'it is not there' };
    if (element.disabled) return { why: 'it is disabled' };
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const where = () => {
      const { left, top, width, height } = element.getClientRects()[0] ?? element.getBoundingClientRect();
      return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
    };
    let { x, y } = where();
    if (!reaches(element, x, y)) {
      // A bar that stays in place lies over the edge.
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      ({ x, y } = where());
    }
    await later(40);
    const then = where();
    if (!element.isConnected || visible(selector)[0] !== element || then.x !== x || then.y !== y) return { why: 'it moves' };
    if (!reaches(element, x, y)) return { why: 'something else lies over it' };
    guard(element);
    return { x, y, mail: element.dataset.mail };
  };

  const isOn = (element) => (node) => node === element || (node.localName === 'label' && node.control === element);

  /** Whether it is what a click at a point comes to. */
  const reaches = (element, x, y) => [...around(atPoint(x, y))].some(isOn(element));

  const guardKey = 'smime-wasm-test.guard';

  /** Sees to it that the click to come does nothing to anything else, should the page move before it does. */
  const guard = (element) => {
    isMissed();
    let isHit;
    const check = (event) => {
      // A button may click a hidden field by itself.
      if (!event.isTrusted) return;
      // What is pressed on one thing and let go on another clicks what is around both.
      if (isHit === undefined || event.type === 'click') isHit = event.composedPath().some(isOn(element));
      if (isHit) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const kinds = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'];
    for (const kind of kinds) addEventListener(kind, check, true);
    window[guardKey] = () => {
      for (const kind of kinds) removeEventListener(kind, check, true);
      delete window[guardKey];
      return isHit === false;
    };
  };

  /** Whether the click that was guarded came to something else; what a frame gets is not seen here. */
  const isMissed = () => window[guardKey]?.() ?? false;

  return { all, visible, aim, isMissed, nameOf, roleOf, isVisible };
}
