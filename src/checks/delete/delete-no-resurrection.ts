import { defineCheck, skip, type Subject } from '../../core/check.js';
import { createdAgain, createdAgainVerdict } from './delete-no-resurrection/created-again.js';
import { deletedUnfinished, unfinishedVerdict } from './delete-no-resurrection/deleted-unfinished.js';
import { lateWriteVerdict, writtenAfterDelete } from './delete-no-resurrection/written-after-delete.js';

export const deleteNoResurrection = defineCheck({
  id: 'delete-no-resurrection',
  group: 'delete',
  isLate: true,
  title: 'A late request does not bring a deleted resource back',
  severity: 'critical',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)', "AWS Builders' Library"],
  sends:
    'Creates two resources with a key each, and two siblings. Deletes the first two, sees that they are gone, and sends their creates once more with the same key: one at once, one when it is 5, 35 or 70 s old, as far as `--max-wait` and the declared lifetime go. Then reads, counts, and repeats the sibling of the same age. Variants `update` and `replace`: writes to a resource, deletes it, sees that it is gone, sends the PATCH or PUT again, and reads twice. Variant `unfinished`, where a create is only accepted (202): deletes the resource at once, sees that it is gone, and reads twice when its making must be over.',
  judges:
    'Passes when nothing comes of the retry: the stored answer (with a note, since a client may believe it) or a refusal. Fails when the deleted resource can be read again; when the retry makes a new one although a sibling key of the same age is still honoured, else warns; and when it crashes, again on fresh resources. `update` and `replace` pass when the resource stays gone, and where a PUT makes it anew and says so with 201 (with a note); they fail when a PATCH brings it back, warn when it says so with 201 (RFC 5789 lets some create) and when a PUT does so unsaid, and fail when the write crashes, again on a fresh resource. `unfinished` passes when the resource stays gone, and where the DELETE is refused (with a note); it fails when it is there after all. Stays open when the resource was not gone after the DELETE.',
  expected: 'No new resource, and the deleted one stays deleted.',
  why: 'A retry that was stuck in a queue arrives after the DELETE. What the user removed, cancelled or refunded is there again, and nobody asked for it.',
  fix: 'Keep the key with its answer when its resource is deleted; let the key decide alone, not whether the resource is still there.',
  guards: [
    'The resource is read as gone before the retry is sent.',
    'A retry is sent only within 90 % of a declared lifetime: after it a new resource is legal.',
    'A sibling key of the same age tells a forgotten key from a key that is dropped with its resource.',
    'The same PATCH or PUT succeeds before the DELETE; came back means absent first, then present in two reads, none of them from a cache.',
    'Counts are settled before and after, so that a slow list decides nothing.',
  ],
  messages: {
    'came-back': 'The deleted resource can be read again after a retry of its create, {age} after it ({status}).',
    'created-anew': 'A retry of the create, {age} after it, made a new resource ({status}); {sibling}.',
    crashed: 'A retry of the create after the DELETE was answered with {status}.',
    revived: 'The resource was deleted, and {operation} brought it back (answered with {status}).',
    'finished-after-delete':
      'The resource was deleted while it was being made, and was gone; it is there again now that its making is over.',
    'write-crashed': '{operation} to the deleted resource was answered with {status}.',
  },
  notes: {
    replayed: 'The retry was answered with {status}, as if the resource were still there: a client may believe it.',
    late: 'Held at once and {age} after the create.',
    'made-anew': 'The PUT made the resource anew and said so ({status}), as a PUT may: a late one undoes a DELETE.',
    'refused-unfinished': 'A resource that is still being made cannot be deleted ({status}).',
    unheeded: 'The write was answered with {status}, and nothing came of it.',
  },

  variants: [null, 'update', 'replace', 'unfinished'],

  select({ operation, resource, ...around }, variant) {
    const { create, read } = resource;
    if (operation.role !== 'delete') return skip('not the DELETE of a resource');
    if (create === null) return skip('no create operation to make something to delete');
    if (variant === 'unfinished') {
      if (read === null) return skip('no read operation to see the state with');
      return { kind: 'unfinished', operation, resource, read, create } as const;
    }
    if (variant !== null) return lateWrite({ operation, resource }, variant);
    if (create.contract.key === null) return skip('the create takes no idempotency key');
    if (create.contract.ttl === 0) return skip('declares that keys protect for no time');
    if (resource.id.from !== null) return skip('the client chooses the id: a repeat of the create asks for it anew');
    if (read === null) return skip('no read operation to see the state with');
    return { kind: 'again', operation, resource, read, creating: { ...around, operation: create, resource } } as const;
  },

  misfit: ({ kind }, { finishesLater }) =>
    kind === 'unfinished' && finishesLater !== true ? 'what is created is there at once' : null,

  *probe(target, tools) {
    if (target.kind === 'write') return yield* writtenAfterDelete(target, tools);
    if (target.kind === 'unfinished') return yield* deletedUnfinished(target, tools);
    yield* createdAgain(target, tools);
  },

  judge(target, evidence) {
    if (target.kind === 'write') return lateWriteVerdict(target, evidence);
    if (target.kind === 'unfinished') return unfinishedVerdict(target, evidence);
    return createdAgainVerdict(target, evidence);
  },
});

/** A PATCH or a PUT that comes after the DELETE. */
function lateWrite({ operation, resource }: Pick<Subject, 'operation' | 'resource'>, variant: string) {
  const { read } = resource;
  const writer = variant === 'update' ? resource.update : resource.replace;
  if (writer === null) return skip(variant === 'update' ? 'no PATCH to send' : 'no PUT to send');
  if (variant === 'replace' && resource.id.from !== null) return skip('the client chooses the id: a PUT creates');
  if (read === null) return skip('no read operation to see the state with');
  return { kind: 'write', operation, resource, read, writer } as const;
}
