import type { Scheme } from '../../core/inference.js';
import { isMembers, itemsOf, member, textMember } from '../data.js';
import { locationOf, type ApiDocument, type Node } from './document.js';
import type { ApiOperation } from './operations.js';

/**
 * The ways to authenticate that most operations demand, each a set of schemes that go together. Empty when the document
 * demands none, or says that none is needed as well.
 */
export function securityOf(document: ApiDocument, operations: readonly ApiOperation[]): readonly (readonly Scheme[])[] {
  const whole = member(document.root.value, 'security');
  const demands = operations.map(({ node }) => member(node.value, 'security') ?? whole);
  const wanting = demands.filter(demand => isDemand(demand));
  const first = mostCommon(wanting);
  if (first === undefined || wanting.length * 2 < operations.length) return [];
  const schemes = document.child(
    document.root,
    ...(document.version === 2 ? ['securityDefinitions'] : ['components', 'securitySchemes']),
  );
  return itemsOf(first).flatMap(alternative => {
    const names = isMembers(alternative) ? Object.keys(alternative) : [];
    const found = names.flatMap(name => schemeOf(name, document.child(schemes, name)) ?? []);
    return found.length === names.length && names.length > 0 ? [found] : [];
  });
}

function mostCommon(demands: readonly unknown[]): unknown {
  const tally = new Map<string, { readonly demand: unknown; count: number }>();
  for (const demand of demands) {
    const known = tally.get(JSON.stringify(demand)) ?? { demand, count: 0 };
    known.count += 1;
    tally.set(JSON.stringify(demand), known);
  }
  return [...tally.values()].toSorted((a, b) => b.count - a.count)[0]?.demand;
}

/** Whether something is demanded: an empty alternative (`{}`) says that nothing is. */
function isDemand(security: unknown): boolean {
  const alternatives = itemsOf(security);
  return alternatives.length > 0 && alternatives.every(one => isMembers(one) && Object.keys(one).length > 0);
}

function schemeOf(name: string, node: Node | null): Scheme | null {
  if (node === null) return null;
  const location = locationOf(node, 'key');
  const type = textMember(node.value, 'type');
  const scheme = (textMember(node.value, 'scheme') ?? '').toLowerCase();
  const bearer = {
    kind: 'bearer',
    in: 'header',
    carrier: 'Authorization',
    how: '-H "Authorization: Bearer $TOKEN"',
  } as const;
  if (type === 'basic' || (type === 'http' && scheme === 'basic')) {
    const how = '-H "Authorization: Basic $(printf %s "$USER:$PASSWORD" | base64)"';
    return { name, location, kind: 'basic', in: 'header', carrier: 'Authorization', how };
  }
  if ((type === 'http' && scheme === 'bearer') || type === 'oauth2' || type === 'openIdConnect') {
    return { name, location, ...bearer };
  }
  if (type === 'apiKey') {
    const carrier = textMember(node.value, 'name') ?? '';
    const written = textMember(node.value, 'in');
    const place = written === 'query' || written === 'cookie' ? written : 'header';
    const how = {
      header: `-H "${carrier}: $API_KEY"`,
      cookie: `-H "Cookie: ${carrier}=$API_KEY"`,
      query: `target: { auth: { apiKey: { in: query, name: ${carrier}, value: "\${API_KEY}" } } } in idem-check.yaml`,
    }[place];
    return { name, location, kind: 'apiKey', in: place, carrier, how };
  }
  if (type === 'mutualTLS') {
    return { name, location, kind: 'other', in: 'header', carrier: '', how: '--cert client.pem --key client.key.pem' };
  }
  return { name, location, ...bearer, kind: 'other', how: '-H "Authorization: ..."' };
}
