// Every text of the demo, in both languages side by side. tests/browser/demo-texts.test.mjs holds that
// none is missing and that both take the same values. The sentences for what the package answers are the
// package's own.

import { certificates } from './certificates.js';
import { developers } from './developers.js';
import { frame } from './frame.js';
import { keys } from './keys.js';
import { list } from './list.js';
import { read } from './read.js';
import { samples } from './samples.js';
import { settings } from './settings.js';
import { write } from './write.js';

export const catalogue = { ...frame, ...list, ...read, ...write, ...keys, ...certificates, ...settings, ...developers, ...samples };
