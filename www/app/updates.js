// The service worker: it is what makes the page installable and work offline. A new version is fetched
// beside the one that runs, and takes over when the user says so.

class Updates extends EventTarget {
  /** The service worker of a new version, once it is there. */
  waiting;

  /** Lets the new version take over, and shows it. */
  apply() {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    this.waiting.postMessage({ type: 'take-over' });
  }

  found(worker) {
    this.waiting = worker;
    this.dispatchEvent(new Event('found'));
  }
}

export const updates = new Updates();

/** Where there is no service worker, it is just a page. */
export async function watchForUpdates() {
  const registration = await navigator.serviceWorker?.register('sw.js').catch(() => undefined);
  if (!registration) return;
  const look = () => {
    // The first one replaces nothing.
    if (registration.waiting && navigator.serviceWorker.controller) updates.found(registration.waiting);
  };
  look();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
  // An installed application stays open for days.
  setInterval(() => registration.update().catch(() => {}), 60 * 60 * 1000);
}
