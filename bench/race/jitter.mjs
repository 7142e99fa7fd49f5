// A TCP proxy, a process of its own, that holds each chunk of a client back for 0 to JITTER ms, in order within a connection.
import { connect, createServer } from 'node:net';

const [to, jitterMs] = process.argv.slice(2).map(Number);

function delayed(from, into, ms) {
  let freeAt = 0;
  from.on('data', chunk => {
    const now = performance.now();
    freeAt = Math.max(freeAt, now + Math.random() * ms);
    setTimeout(() => into.writable && into.write(chunk), freeAt - now);
  });
  from.on('close', () => setTimeout(() => into.destroy(), 100));
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
