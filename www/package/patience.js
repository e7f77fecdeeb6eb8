/** Waiting for what may never come. */

/** Timers can't run longer. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The promise, or after `ms` a rejection with what `tooLong` gives. */
export async function within(ms, promise, tooLong) {
  let timer;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(tooLong()), Math.min(ms, LONGEST_TIMER_MS));
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}
