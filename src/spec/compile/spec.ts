import type { Operation } from '../../core/operation.js';
import type { Auth as CoreAuth, Caller as CoreCaller, Hook as CoreHook, Spec, Store } from '../../core/spec.js';
import type { Auth, Caller, Hook, SpecFile } from '../../generated/spec.js';
import { requestLine } from '../request-line.js';
import { compileOperation, headerLines, type Context } from './operation.js';
import { redactFields } from './redact-fields.js';
import { compileResources } from './resource.js';

/** A draft that holds up, as the one model of a run. */
export function compileSpec(context: Context): Spec {
  const { draft, profile, profileReason } = context;
  const { file, source } = draft;
  const aside = (member: 'setup' | 'teardown'): readonly Operation[] =>
    (file[member] ?? []).map((one, index) =>
      compileOperation(
        one,
        { role: 'other', resource: '', path: [member, index], layers: [{ contract: file.contract }] },
        context,
      ),
    );
  return {
    file: source.file,
    source: draft.kind,
    url: file.target?.url ?? null,
    caller: callerOf(file.target ?? {}),
    identities: Object.fromEntries(Object.entries(file.identities ?? {}).map(([name, one]) => [name, callerOf(one)])),
    profile: profile.name,
    profileReason,
    resources: compileResources(context),
    checks: {
      include: file.checks?.include ?? null,
      exclude: file.checks?.exclude ?? [],
      severity: file.checks?.severity ?? {},
    },
    hooks: hooksOf(file.hooks),
    store: storeOf(file.store),
    redact: redactFields(file.redact ?? []),
    waivers: (file.waivers ?? []).map(({ check, operation, reason, until }, index) => ({
      check,
      operation: operation ?? null,
      reason,
      until: until ?? null,
      location: source.locate(['waivers', index]),
    })),
    setup: aside('setup'),
    teardown: aside('teardown'),
    inference: draft.inference,
  };
}

function callerOf({ headers, auth }: Caller): CoreCaller {
  return { headers: headerLines(headers), auth: auth === undefined ? null : authOf(auth) };
}

function authOf({ bearer, basic, apiKey, oauth2, command, header }: Auth): CoreAuth | null {
  if (bearer !== undefined) return { kind: 'bearer', token: bearer };
  if (basic !== undefined) return { kind: 'basic', ...basic };
  if (apiKey !== undefined) return { kind: 'apiKey', ...apiKey };
  if (oauth2 !== undefined) return { kind: 'oauth2', ...oauth2, scope: oauth2.scope ?? null };
  return command === undefined ? null : { kind: 'command', command, header: header ?? 'Authorization' };
}

function hooksOf(written: SpecFile['hooks']): Spec['hooks'] {
  const { clock, restart, fault, limit } = written ?? {};
  return {
    ...(clock === undefined ? {} : { clock: hookOf(clock) }),
    ...(restart === undefined ? {} : { restart: hookOf(restart) }),
    ...(fault === undefined ? {} : { fault: hookOf(fault) }),
    ...(limit === undefined ? {} : { limit: hookOf(limit) }),
  };
}

function storeOf(written: SpecFile['store']): Store | null {
  if (written === undefined) return null;
  const { redis = '', keys = '', pending, command } = written;
  if (command !== undefined) return { kind: 'command', command };
  return { kind: 'redis', url: redis, names: pending === undefined ? [keys] : [keys, pending] };
}

function hookOf({ command, request, body }: Hook): CoreHook {
  if (request === undefined) return { kind: 'command', command: command ?? '' };
  const { method, target } = requestLine(request);
  return { kind: 'request', method, path: target, body: body === undefined ? null : JSON.stringify(body) };
}
