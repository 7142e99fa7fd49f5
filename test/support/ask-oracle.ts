import type { Exchange } from '../../src/core/http.js';
import type { Counted } from '../../src/core/step.js';
import type { Count, Oracle, OracleStep } from '../../src/oracle/oracle.js';

/** Drives an oracle with answers of the test's own; hands back its count and what it asked. */
export function askOracle(
  oracle: Oracle,
  counted: Counted,
  answer: (step: Extract<OracleStep, { readonly kind: 'request' }>, at: number) => Exchange,
  output: { readonly stdout: string; readonly trouble: string | null } = { stdout: '', trouble: null },
): { readonly count: Count; readonly asked: readonly OracleStep[] } {
  const asked: OracleStep[] = [];
  const reading = oracle.read(counted);
  let turn = reading.next();
  while (turn.done !== true) {
    const step = turn.value;
    asked.push(step);
    turn = reading.next(
      step.kind === 'command'
        ? { kind: 'output', ...output }
        : { kind: 'exchange', exchange: answer(step, asked.length - 1) },
    );
  }
  return { count: turn.value, asked };
}
