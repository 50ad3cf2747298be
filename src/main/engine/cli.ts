/** Process entry of the command line; what it does is in commands/. */
import './compiler';
import { join } from 'node:path';
import { main } from './commands/main';
import { findElectron } from './printing/find-electron';
import { printPage } from './printing/print-page';

const root = join(__dirname, '..', '..');

// A reader that has seen enough (`| head`) closes the pipe: that ends the command, and is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

void main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  resources: join(root, 'resources'),
  printer() {
    const electron = findElectron(root);
    return (html) => printPage(html, electron);
  },
}).then((code) => {
  process.exitCode = code;
});
