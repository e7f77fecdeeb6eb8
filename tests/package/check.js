// The least of node:assert, for pages as well as for Node.

export function ok(value, what = 'ok') {
  if (!value) throw new Error(`not so: ${what}`);
}

export function equal(actual, expected) {
  if (!Object.is(actual, expected)) throw new Error(`${String(actual)} instead of ${String(expected)}`);
}

/** The same bytes. */
export function same(actual, expected) {
  ok(actual instanceof Uint8Array, 'a Uint8Array');
  equal(actual.join(), expected.join());
}

/** The SmimeError a promise is rejected with. */
export function failure(promise) {
  return promise.then(
    () => {
      throw new Error('it answered instead of failing');
    },
    (error) => {
      if (error.name !== 'SmimeError') throw error;
      return error;
    },
  );
}
