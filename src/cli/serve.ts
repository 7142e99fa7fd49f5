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
import type { ServeOptions } from './flags/options.js';
import type { Io } from './io.js';

/** `idem-check serve`: the reference API until it is interrupted. */
export async function serve(options: ServeOptions, io: Io): Promise<number> {
  const flaw = options.flaw === null ? null : flawCalled(options.flaw);
  const style = styleCalled(options.style);
  const store = await storeOf(options.store);
  const port = options.port ?? 0;
  const mount = { prefix: '', flaw, style, choices: {}, ...(store === null ? {} : { store }) };
  const running = await startReference({ mounts: [mount], port, testClock: options.testClock }).catch(
    (error: unknown) => {
      throw new UsageError(`port ${port} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    },
  );
  io.err(`The reference API listens at ${running.url}${about(style, flaw)}\n`);
  io.err(`Its spec, to be saved as idem-check.yaml (then: idem-check run --url ${running.url}):\n\n`);
  io.out(specText([{ prefix: '', suffix: '', flaw, style, choices: {} }]));
  if (options.testClock) io.out('hooks:\n  clock:\n    request: POST /admin/clock?seconds={{seconds}}\n');
  await new Promise<void>(resolve => {
    if (io.signal.aborted) resolve();
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await running.close();
  await store?.close();
  return EXIT.ok;
}

function flawCalled(id: string): Flaw {
  const found = flaws.find(flaw => flaw.id === id);
  if (found !== undefined) return found;
  throw unknown(
    '--flaw',
    id,
    flaws.map(flaw => flaw.id),
  );
}

function styleCalled(name: string): Style | null {
  const found = styleNamed(name);
  if (found !== undefined) return found;
  throw unknown('--style', name, ['plain', ...styles.map(style => style.name)]);
}

function unknown(flag: string, word: string, known: readonly string[]): UsageError {
  return new UsageError(`${flag}: "${word}" is not one of ${known.join(', ')}${didYouMean(word, known)}`);
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
