import './components/demo-app.js';

// The page works offline once it was loaded under the service worker, the second time. Where there is no service worker it is just a page.
navigator.serviceWorker?.register('sw.js').catch(() => {});
