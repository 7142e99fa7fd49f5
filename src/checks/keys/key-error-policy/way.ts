import type { Subject, Tools } from '../../../core/check.js';
import type { Evidence } from '../../../core/evidence.js';
import type { Answered } from '../../../core/http.js';
import type { Scope } from '../../../core/scope.js';
import type { HookName } from '../../../core/spec.js';
import type { Probe } from '../../../core/step.js';
import type { Verdict } from '../../../core/verdict.js';

/** One variant of the check: what it needs, and how it is played and judged. */
export interface Way {
  /** Why the subject does not have what it needs; `null` when it has. */
  readonly whyNot: (subject: Subject) => string | null;
  /** The hooks that it runs where the user has them. */
  readonly hooks: readonly HookName[];
  readonly probe: (subject: Subject, scope: Scope, tools: Tools) => Probe;
  readonly judge: (subject: Subject, evidence: Evidence, first: Answered) => Verdict;
}
