import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the documents of real vendors lie: beside the checkout. */
const FOLDER = resolve('../shared/openapi');

export const VENDOR_DOCUMENTS = [
  'adyen-checkout-v72.json',
  'adyen-management-v3.json',
  'adyen-transfers-v4.yaml',
  'oai-petstore-expanded-2.0.json',
  'oai-petstore-expanded-3.0.json',
  'oai-uber-2.0.json',
  'redocly-museum-3.1.yaml',
] as const;

/** The file of a vendor's document; `null` when it is not there. */
export function vendorDocument(name: string): string | null {
  const file = join(FOLDER, name);
  return existsSync(file) ? file : null;
}

/** What to say of a test that cannot run. */
export const MISSING_DOCUMENTS = VENDOR_DOCUMENTS.filter(name => vendorDocument(name) === null);
