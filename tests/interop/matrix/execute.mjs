// Programs: run to their end, or kept running to answer one line after the other.

import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A peer that is not here. */
export class Absent extends Error {}

/** @throws {Absent} unless each of them is a program in the PATH or the path of a file */
export function need(...names) {
  const folders = ['', ...process.env.PATH.split(delimiter)];
  const missing = names.find((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (missing) throw new Absent(`${missing} is not installed`);
}

/**
 * Runs a program.
 *
 * @param {object} [options] of execFile, and `input`: what the program reads
 * @returns {Promise<Buffer>} what it prints
 * @throws {Error} with what it prints to standard error, if it fails
 */
export function execute(program, words, { input = '', ...options } = {}) {
  return new Promise((resolve, reject) => {
    const settings = { encoding: 'buffer', maxBuffer: 1 << 26, ...options };
    const child = execFile(program, words, settings, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = stderr.toString().trim() || stdout.toString().trim() || error.message;
      reject(new Error(`${program} ${words.join(' ')}: ${said}`, { cause: error }));
    });
    child.stdin.on('error', () => {}); // it need not read everything
    child.stdin.end(input);
  });
}

/** The first version number that a program prints about itself. */
export async function versionOf(program, ...words) {
  return /\d+(\.\d+)+/.exec((await execute(program, words)).toString())[0];
}

/**
 * Starts a program that answers each line of words, separated by tabs, with one line: `ok` and bytes in
 * base64, or `error` and text.
 */
export function converse(program, words, options) {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  const waiting = [];
  let said = '';
  let ended;
  const end = (reason) => {
    ended = new Error(`${program} ended: ${reason} ${said}`);
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  child.stderr.on('data', (text) => (said = (said + text).slice(-4000)));
  child.stdin.on('error', () => {});
  child.on('error', end);
  child.on('close', end);
  createInterface(child.stdout).on('line', (line) => {
    const [verdict, ...rest] = line.split(' ');
    const { resolve, reject } = waiting.shift();
    if (verdict === 'ok') resolve(Buffer.from(rest.join(''), 'base64'));
    else reject(new Error(rest.join(' ')));
  });
  return {
    ask: (...question) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.push({ resolve, reject });
        child.stdin.write(question.join('\t') + '\n');
      }),
    close: () => child.stdin.end(),
  };
}
