/** Long work in turns, so that whoever shares the thread has theirs. */

/** A job that has worked this long lets everybody else have a turn. */
const TURN_MS = 10;

/** A function that tells whether the turn is over, and then gives a promise for the next one. */
export function turns() {
  let began = performance.now();
  return () => {
    if (performance.now() - began < TURN_MS) return undefined;
    return macrotask().then(() => {
      began = performance.now();
    });
  };
}

/** Resolves after everything that waits in the event loop had its turn. */
const macrotask =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : macrotasksOfChannel();

function macrotasksOfChannel() {
  // Timers of 0 ms are stretched to 4 ms, messages are not.
  let channel;
  const waiting = [];
  return () =>
    new Promise((resolve) => {
      if (!channel) {
        channel = new MessageChannel();
        channel.port1.onmessage = () => waiting.shift()();
      }
      waiting.push(resolve);
      channel.port2.postMessage(null);
    });
}
