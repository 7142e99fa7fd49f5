import { SpecError } from '../../core/errors.js';
import type { RecordedContract, RecordedTraits } from '../../core/observed-contract.js';
import { isMembers, type Members } from '../data.js';
import { secondsOf } from '../duration.js';
import { createMistakes, type Mistakes } from '../mistakes.js';
import { readRequestLine } from '../request-line.js';
import { checkContract } from '../rules/check-contract.js';
import { createRules, type Rules } from '../rules/rule-book.js';
import { readSource, type Path } from '../source.js';
import { didYouMean } from '../suggest.js';
import { validateAs } from '../validate.js';
import { traitsOf, type Behaviour, type Entry } from './traits.js';

interface ContractFile extends Entry {
  readonly version: 1;
  readonly operations?: Readonly<Record<string, Entry>>;
}

/** Words that members have beside statuses. */
const WORDS = {
  rewrittenJson: ['same', 'executes'],
  endpoints: ['separate', 'shared'],
  paths: ['separate', 'shared'],
} as const satisfies Partial<Record<keyof Behaviour, readonly string[]>>;

/** The contract of an earlier run from the text of its file. Throws SpecError with every mistake in it. */
export function readRecorded(text: string, file: string, schema: Members): RecordedContract {
  const source = readSource(text, file);
  const document = source.value;
  if (!isMembers(document)) {
    throw new SpecError([
      { location: source.locate([]), path: '', text: 'is no contract: it holds no object; start with "version: 1"' },
    ]);
  }
  const mistakes = createMistakes(source);
  const valid = validateAs<ContractFile>(document, document, schema, mistakes);
  if (valid !== null) checkWhole(valid, document, mistakes);
  mistakes.throwIfAny();
  const { operations, ...all } = valid ?? { version: 1 };
  const listed = Object.entries(operations ?? {}).map(([name, entry]): [string, RecordedTraits] => [
    name,
    traitsOf(entry, ['operations', name], source),
  ]);
  return { file, traits: traitsOf(all, [], source), operations: operations === undefined ? null : new Map(listed) };
}

function checkWhole({ operations = {}, ...all }: ContractFile, raw: unknown, mistakes: Mistakes): void {
  const rules = createRules(raw, mistakes);
  checkEntry(all, [], rules);
  for (const [name, entry] of Object.entries(operations)) {
    const line = readRequestLine(name);
    if (typeof line === 'string') rules.add(['operations', name], line, 'key');
    checkEntry(entry, ['operations', name], rules);
  }
}

function checkEntry({ contract, behaviour = {} }: Entry, path: Path, rules: Rules): void {
  checkContract(contract, [...path, 'contract'], rules);
  const place = [...path, 'behaviour'];
  for (const [name, words] of Object.entries(WORDS)) {
    const written = behaviour[name as keyof typeof WORDS];
    if (typeof written !== 'string' || words.some(word => word === written)) continue;
    const here = [...place, name];
    rules.add(here, `${rules.quoted(here)} is neither a status nor ${words.join(' or ')}${didYouMean(written, words)}`);
  }
  checkLifetime(behaviour.lifetime, [...place, 'lifetime'], rules);
}

function checkLifetime(lifetime: Behaviour['lifetime'], path: Path, rules: Rules): void {
  const [atLeast, below] = (['atLeast', 'below'] as const).map(name => {
    const written = lifetime?.[name];
    const seconds = written === undefined ? null : secondsOf(written);
    if (written !== undefined && seconds === null) {
      const here = [...path, name];
      rules.add(here, `${rules.quoted(here)} is no duration; write it as in 30s, 5m, 24h or 7d`);
    }
    return seconds;
  });
  if (typeof atLeast === 'number' && typeof below === 'number' && below <= atLeast) {
    rules.add([...path, 'below'], `must be more than atLeast (${rules.quoted([...path, 'atLeast'])})`);
  }
}
