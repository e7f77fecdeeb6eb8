import './components/demo-app.js';

// From its second visit on the page works offline. Where there is no service worker it is just a page.
navigator.serviceWorker?.register('sw.js').catch(() => {});
