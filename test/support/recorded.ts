import type { RecordedContract } from '../../src/core/observed-contract.js';
import { recordedFromText } from '../../src/spec/load.js';

/** The contract in the text of a file called `contract.yaml`. */
export function readRecordedText(text: string): RecordedContract {
  return recordedFromText(text, 'contract.yaml');
}
