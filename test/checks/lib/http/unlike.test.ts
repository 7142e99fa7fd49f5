import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unlike } from '../../../../src/checks/lib/http/unlike.js';

it.each([
  ['7', '1000000014'],
  ['0', '1000000007'],
  ['0000000001', '1000000008'],
  ['12345678901234567890', '12345678902234567897'],
  ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-976b5a806cdb'],
  ['507f1f77bcf86cd799439011', '507f1f77bcf8932866bc6fee'],
  ['AB12', '54ED'],
  ['ord_Ab9', 'beq_No4'],
  ['', 'idem-check-none'],
  ['--', '--idem-check-none'],
])('%s: %s', (id, other) => {
  expect(unlike(id)).toBe(other);
});

it('never gives back the same, and keeps letters what they are', () => {
  fc.assert(
    fc.property(fc.string(), id => {
      const other = unlike(id);
      expect(other).not.toBe(id);
      const kinds = (text: string) => text.replaceAll(/\d/g, '0').replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A');
      if (/[g-z]/i.test(id)) expect(kinds(other)).toBe(kinds(id));
    }),
  );
});
