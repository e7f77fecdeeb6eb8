// One long piece of work at a time: what it is called, how far it is, and how to end it.

export class Work {
  /** `undefined` while nothing runs, else `{ label, done, total }`; `label` is a key of the catalogue. */
  state;

  #host;
  #controller;

  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected() {
    this.cancel();
  }

  /**
   * Runs a task; one that still runs is ended first.
   *
   * @param {string} label
   * @param {(tools: { signal: AbortSignal, onProgress: function, step: function }) => Promise} task
   */
  async run(label, task) {
    this.cancel();
    const controller = new AbortController();
    this.#controller = controller;
    const show = (state) => {
      if (this.#controller === controller) {
        this.state = state;
        this.#host.requestUpdate();
      }
    };
    let shown = label;
    show({ label });
    try {
      return await task({
        signal: controller.signal,
        onProgress: ({ done, total }) => show({ label: shown, done, total }),
        step: (next) => {
          shown = next;
          show({ label: next });
        },
      });
    } finally {
      show(undefined);
    }
  }

  cancel() {
    this.#controller?.abort();
  }
}
