// Draws the PNG icons of the demo from icon.svg, in Chromium. Run by hand when it changes:
//
//   node www/icons.mjs

import { readFile, writeFile } from 'node:fs/promises';

import puppeteer from 'puppeteer-core';

const app = new URL('app/', import.meta.url);
const svg = await readFile(new URL('icon.svg', app), 'utf8');
const { rx, fill } = /<rect[^>]*rx="(?<rx>\d+)"[^>]*fill="(?<fill>#\w+)"/.exec(svg).groups;

const icons = {
  'icon-192.png': { size: 192, source: svg },
  'icon-512.png': { size: 512, source: svg },
  // Cut to whatever shape: the picture stays within the middle 80 %, the ground goes to the edges.
  'icon-maskable-512.png': {
    size: 512,
    source: svg.replace(`rx="${rx}"`, '').replace('viewBox="0 0 64 64"', 'viewBox="-6.4 -6.4 76.8 76.8"'),
    ground: fill,
  },
};

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage();
  for (const [name, { size, source, ground = 'transparent' }] of Object.entries(icons)) {
    await page.setViewport({ width: size, height: size });
    const style = `margin:0;background:${ground}`;
    await page.setContent(`<body style="${style}">${source.replace('<svg', `<svg width="${size}" height="${size}" style="display:block"`)}`);
    await writeFile(new URL(name, app), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
