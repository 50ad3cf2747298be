// Electron's distributions open the application whose folder is their first argument. The stand-in lacks that
// part, so this does it: the same command line then works with either runtime.
const { app } = require('electron');
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (!folder) {
  console.error('Name the folder of the application to open.');
  process.exit(2);
}
const path = resolve(folder);
const { main, productName, name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
app.setName(productName ?? name);
app.setVersion(version);
app.setAppPath(path);
require(join(path, main));
