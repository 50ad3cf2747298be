/** Process entry of the command line; what it does is in commands/. */
import { join } from 'node:path';
import { main } from './commands/main';

// A reader that has seen enough (`| head`) closes the pipe: that ends the command, and is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

void main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  resources: join(__dirname, '..', '..', 'resources'),
}).then((code) => {
  process.exitCode = code;
});
