import type { Flaw } from '../flaw.js';
import { headCrashes } from '../flaws/head-crashes.js';
import { headOtherLength } from '../flaws/head-other-length.js';
import { headOtherType } from '../flaws/head-other-type.js';
import { headUnsupported } from '../flaws/head-unsupported.js';
import { headWithBody } from '../flaws/head-with-body.js';
import { readAnswersCreate } from '../flaws/read-answers-create.js';
import { readChangesField } from '../flaws/read-changes-field.js';
import { readCountsViews } from '../flaws/read-counts-views.js';
import { readCreatesRecord } from '../flaws/read-creates-record.js';
import { readRefusedWithKey } from '../flaws/read-refused-with-key.js';
import { readReplayedByKey } from '../flaws/read-replayed-by-key.js';
import { headNotFound } from '../flaws/head-not-found.js';
import { headCountsViews } from '../flaws/head-counts-views.js';
import { optionsCountsViews } from '../flaws/options-counts-views.js';
import { readTakesStock } from '../flaws/read-takes-stock.js';

/** Flaws in methods that change nothing, in the order of the checks that find them. */
export const safeFlaws: readonly Flaw[] = [
  readCreatesRecord,
  readChangesField,
  readCountsViews,
  headWithBody,
  headOtherLength,
  headOtherType,
  headUnsupported,
  headCrashes,
  readReplayedByKey,
  readAnswersCreate,
  readRefusedWithKey,
  headNotFound,
  headCountsViews,
  optionsCountsViews,
  readTakesStock,
];
