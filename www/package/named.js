/**
 * Errors of usage say which method they are about, and point to the line that called it: what was wrong is
 * often found elsewhere, in a worker or at the end of a long wait.
 */
import { SmimeError } from './errors.js';

/** What messages said before they named a method: of a method that calls another, the outer one counts. */
const messages = new WeakMap();

/** The method under its name. */
export function named(name, method) {
  return function call(...given) {
    const caller = new Error();
    Error.captureStackTrace?.(caller, call);
    const fail = (error) => {
      throw explained(error, name, caller);
    };
    try {
      const answer = method.apply(this, given);
      if (answer instanceof Promise) return answer.catch(fail);
      return answer?.[Symbol.asyncIterator] ? telling(answer, fail) : answer;
    } catch (error) {
      return fail(error);
    }
  };
}

/** Names the methods of a class. */
export function nameMethods({ prototype }, space = '') {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name !== 'constructor') prototype[name] = named(space + name, prototype[name]);
  }
}

async function* telling(answers, fail) {
  try {
    yield* answers;
  } catch (error) {
    fail(error);
  }
}

function explained(error, name, caller) {
  if (!(error instanceof SmimeError) || !error.code.startsWith('usage/')) return error;
  if (!messages.has(error)) messages.set(error, error.message);
  error.message = `${name}: ${messages.get(error)}`;
  // Some engines begin with the error itself, others with the first frame.
  const stack = caller.stack ?? '';
  error.stack = stack.startsWith('Error') ? `${error}${stack.slice('Error'.length)}` : stack;
  return error;
}
