// A real child process that speaks the engine's messages and can be told to die, for the supervisor's tests.
let restored = null;
process.on('message', (message) => {
  if (message.type === 'start') {
    restored = message.options.restore ?? null;
    if (restored === 'deadly.sqlite') process.kill(process.pid, 'SIGKILL');
    if (restored === 'endless.sqlite') return;
    if (restored === 'damaged.sqlite') {
      const error = { kind: 'damaged', message: 'It is damaged.', hint: 'Choose another.', id: '' };
      process.send({ type: 'failed', error });
    } else if (message.options.version === 'unopenable') {
      const error = {
        kind: 'newer-version',
        message: 'A newer workbench wrote this.',
        hint: 'Update.',
        id: '',
      };
      process.send({ type: 'failed', error });
    } else {
      process.send({ type: 'ready' });
    }
  }
  if (message.type === 'close') process.exit(0);
  if (message.type !== 'call') return;
  const answer = (value) => process.send({ type: 'result', id: message.id, result: { ok: true, value } });
  if (message.name === 'die') process.kill(process.pid, 'SIGKILL');
  if (message.name === 'throw') throw new Error('on purpose');
  if (message.name === 'bytes') answer(new Uint8Array([0, 1, 255]));
  if (message.name === 'restored') answer(restored);
  if (message.name === 'echo') answer(message.input);
});
process.on('disconnect', () => process.exit(0));
