// The file that the devices of a user have in common. Here the user carries it from one browser to another; in
// other places a server keeps it.

const files = new Map();

export function syncFileOf({ id }) {
  if (!files.has(id)) files.set(id, new SyncFile());
  return files.get(id);
}

class SyncFile {
  #data;
  #version = 0;

  /** What is to be carried to the other devices, if they don't know all of it. */
  left;

  /** Begins with what another device left; with nothing for the first one. */
  begin(file) {
    this.#data = file;
    this.#version += 1;
    this.left = undefined;
  }

  async read() {
    return this.#data && { data: this.#data, version: this.#version };
  }

  async write(data, replaces) {
    if (this.#data && replaces !== this.#version) return false;
    this.#version += 1;
    this.left = this.#data = new Blob([data], { type: 'application/octet-stream' });
    return true;
  }
}
