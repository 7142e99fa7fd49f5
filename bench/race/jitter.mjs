// A TCP proxy, a process of its own, that holds each chunk of a client back for 0 to JITTER ms, in order within a connection.
import { connect, createServer } from 'node:net';

const [to, jitterMs] = process.argv.slice(2).map(Number);

function delayed(from, into, ms) {
  const waiting = [];
  let isRunning = false;
  // One timer a connection: two of nearly the same length may fire in either order.
  const run = () => {
    const [next] = waiting;
    if (next === undefined) return void (isRunning = false);
    isRunning = true;
    setTimeout(
      () => {
        waiting.shift();
        if (into.writable) into.write(next.chunk);
        run();
      },
      Math.max(0, next.at - performance.now()),
    );
  };
  from.on('data', chunk => {
    waiting.push({ chunk, at: performance.now() + Math.random() * ms });
    if (!isRunning) run();
  });
  from.on('close', () => setTimeout(() => into.destroy(), 200));
  from.on('error', () => into.destroy());
}

const server = createServer({ noDelay: true }, client => {
  const target = connect({ port: to, host: '127.0.0.1', noDelay: true });
  delayed(client, target, jitterMs);
  target.on('data', chunk => client.write(chunk));
  target.on('close', () => client.destroy());
  target.on('error', () => client.destroy());
});
server.listen(0, '127.0.0.1', 1024, () => process.send?.(server.address().port));
process.on('disconnect', () => process.exit(0));
