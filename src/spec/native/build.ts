import type { Documented } from '../../core/operation.js';
import type { Auth, Caller, Hook, Spec } from '../../core/spec.js';
import type { SpecFile } from '../../generated/spec.js';
import { listOf } from '../data.js';
import type { Profile } from '../profiles/profile.js';
import type { Source } from '../source.js';
import { requestOf } from './operation.js';
import { redactFields } from './redact-fields.js';
import { compile, compileResources, type Surroundings } from './resource.js';

/** A file that holds up, as the one model of the run. */
export function buildSpec(
  file: SpecFile,
  source: Source,
  {
    profile,
    isChosen,
    documented,
    kind,
  }: {
    readonly profile: Profile;
    readonly isChosen: boolean;
    readonly documented: ReadonlyMap<string, Documented>;
    readonly kind: Spec['source'];
  },
): Spec {
  const around: Surroundings = { file, source, profile, isChosen, documented };
  const aside = (member: 'setup' | 'teardown') =>
    listOf(file[member]).map((value, at) =>
      compile(value, { role: 'other', at: [member, at], resource: '', layers: [], around }),
    );
  return {
    file: source.file,
    source: kind,
    url: file.target?.url ?? null,
    caller: callerOf(file.target),
    identities: Object.fromEntries(Object.entries(file.identities ?? {}).map(([name, one]) => [name, callerOf(one)])),
    profile: profile.name,
    resources: compileResources(around),
    checks: {
      include: file.checks?.include ?? null,
      exclude: file.checks?.exclude ?? [],
      severity: file.checks?.severity ?? {},
    },
    hooks: hooksOf(file.hooks),
    store: file.store ?? null,
    redact: redactFields(file.redact ?? []),
    waivers: (file.waivers ?? []).map((waiver, at) => ({
      check: waiver.check,
      operation: waiver.operation ?? null,
      reason: waiver.reason,
      until: waiver.until ?? null,
      location: source.locate(['waivers', at]),
    })),
    setup: aside('setup'),
    teardown: aside('teardown'),
  };
}

function callerOf(written: NonNullable<SpecFile['identities']>[string] | undefined): Caller {
  return { headers: Object.entries(written?.headers ?? {}), auth: authOf(written?.auth) };
}

function authOf(written: NonNullable<SpecFile['target']>['auth']): Auth | null {
  if (written?.bearer !== undefined) return { kind: 'bearer', token: written.bearer };
  if (written?.basic !== undefined) return { kind: 'basic', ...written.basic };
  if (written?.apiKey !== undefined) return { kind: 'apiKey', ...written.apiKey };
  if (written?.oauth2 !== undefined) return { kind: 'oauth2', ...written.oauth2, scope: written.oauth2.scope ?? null };
  if (written?.command !== undefined) {
    return { kind: 'command', command: written.command, header: written.header ?? 'Authorization' };
  }
  return null;
}

function hooksOf(written: SpecFile['hooks']): Spec['hooks'] {
  const hooks: Partial<Record<'clock' | 'restart' | 'fault', Hook>> = {};
  for (const name of ['clock', 'restart', 'fault'] as const) {
    const hook = written?.[name];
    if (hook === undefined) continue;
    if ('command' in hook) hooks[name] = { kind: 'command', command: hook.command };
    else {
      const [method, path] = requestOf(hook.request);
      hooks[name] = { kind: 'request', method, path, body: hook.body === undefined ? null : JSON.stringify(hook.body) };
    }
  }
  return hooks;
}
