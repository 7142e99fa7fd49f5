import { randomUUID } from 'node:crypto';
import { UsageError } from '../core/errors.js';
import type { Flaw } from '../reference/flaw.js';
import { flaws } from '../reference/flaws/index.js';
import { startReference } from '../reference/serve.js';
import { specText } from '../reference/spec-text.js';
import { styleNamed, styles } from '../reference/styles/registry.js';
import type { Style } from '../reference/styles/style.js';
import { didYouMean } from '../spec/suggest.js';
import { EXIT } from './exit.js';
import type { Io } from './io.js';
import { count } from './options.js';

/** `idem-check serve`: the reference API until it is interrupted. */
export async function serve(
  flags: {
    readonly port?: string;
    readonly flaw?: string;
    readonly style: string;
    readonly store: string;
    readonly testClock?: boolean;
  },
  io: Io,
): Promise<number> {
  const flaw = flags.flaw === undefined ? null : (flaws.find(({ id }) => id === flags.flaw) ?? null);
  if (flags.flaw !== undefined && flaw === null) {
    const ids = flaws.map(({ id }) => id);
    throw new UsageError(`no flaw is called "${flags.flaw}"${didYouMean(flags.flaw, ids)} Known: ${ids.join(', ')}`);
  }
  const style = styleNamed(flags.style);
  if (style === undefined) {
    const names = ['plain', ...styles.map(({ name }) => name)];
    throw new UsageError(
      `no style is called "${flags.style}"${didYouMean(flags.style, names)} Known: ${names.join(', ')}`,
    );
  }
  const store = await storeOf(flags.store);
  const port = flags.port === undefined ? 0 : count('--port', flags.port);
  const mount = { prefix: '', flaw, style, variant: {}, ...(store === null ? {} : { store }) };
  const running = await startReference({ mounts: [mount], port, testClock: flags.testClock === true }).catch(
    (error: unknown) => {
      throw new UsageError(`port ${port} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    },
  );
  io.err(`The reference API listens at ${running.url}${about(style, flaw)}\n`);
  io.err(`Its spec, to be saved as idem-check.yaml (then: idem-check run --url ${running.url}):\n\n`);
  io.out(specText([{ prefix: '', suffix: '', flaw, style, variant: {} }]));
  if (flags.testClock === true) io.out('hooks:\n  clock:\n    request: POST /admin/clock?seconds={{seconds}}\n');
  await new Promise<void>(resolve => {
    if (io.signal.aborted) resolve();
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await running.close();
  await store?.close();
  return EXIT.ok;
}

function about(style: Style | null, flaw: Flaw | null): string {
  const manner = style === null ? '' : ` and speaks ${style.name}: ${style.title}`;
  return `${manner}${flaw === null ? '' : `, with one flaw: ${flaw.title}`}`;
}

async function storeOf(name: string) {
  if (name === 'memory') return null;
  if (!/^rediss?:\/\//.test(name)) throw new UsageError(`--store: "${name}" is neither memory nor a redis:// URL`);
  const { createRedisStore, StoreUnavailable } = await import('../reference/stores/redis.js');
  try {
    return await createRedisStore({ url: name, ids: () => randomUUID() });
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new UsageError(error.message);
    throw error;
  }
}
