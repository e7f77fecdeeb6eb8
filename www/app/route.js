// Where one is in the application: in the address of the page, so that the way back, a reload and a
// bookmark lead where they should.

class Route extends EventTarget {
  constructor() {
    super();
    window.addEventListener('hashchange', () => this.dispatchEvent(new Event('change')));
  }

  /**
   * @returns {{ view: 'mail', account?: string, folder?: string, mail?: number } |
   *   { view: 'write' | 'certificates' | 'settings' | 'developers', id?: string }}
   */
  get place() {
    const [view, ...rest] = location.hash.slice(2).split('/').map(decoded);
    if (['write', 'certificates', 'settings', 'developers'].includes(view)) return { view, id: rest[0] };
    const [account, folder, mail] = rest;
    return { view: 'mail', account, folder, mail: mail ? Number(mail) : undefined };
  }

  /** Goes to a place, by the way back or, with `replace`, without one. */
  go(steps, { replace = false } = {}) {
    const hash = `#/${steps.filter((step) => step !== undefined).map(encodeURIComponent).join('/')}`;
    if (hash === location.hash) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', hash);
    this.dispatchEvent(new Event('change'));
  }

  /** The folder alone, without a mail. */
  goToFolder({ account, folder }, options) {
    this.go(['mail', account, folder], options);
  }

  goToMail({ account, folder, id }, options) {
    this.go(['mail', account, folder, id], options);
  }
}

function decoded(step) {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

export const route = new Route();
