// A worker that makes Blobs of bytes: copying large ones on the page would hold it up.

self.onmessage = ({ data: { id, bytes } }) => self.postMessage({ id, blob: new Blob([bytes]) });
