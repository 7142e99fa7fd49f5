import { withKey, type Operation } from '../../../core/operation.js';
import type { Outgoing } from '../../../core/resource.js';

/** How a key looks on the wire in the form its contract wants: as it is, or quoted (RFC 9651 section 3.3.3). */
export function keyText({ contract }: Pick<Operation, 'contract'>, key: string): string {
  return contract.key?.form === 'sf-string' ? `"${key}"` : key;
}

/** The request with a key that stands on the wire exactly so, whatever form the contract wants. */
export function withKeyText(sent: Outgoing, text: string, contract = sent.operation.contract): Outgoing {
  const carrier = contract.key;
  if (carrier === null) return sent;
  return { ...sent, request: withKey(sent.request, { ...contract, key: { ...carrier, form: 'raw' } }, text) };
}
