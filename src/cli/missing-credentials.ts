import type { HeaderLine } from '../core/http.js';
import type { Scheme } from '../core/inference.js';
import type { Spec } from '../core/spec.js';

/**
 * The credentials a document demands and nobody gave, each as a sentence that says how to give it; of several ways to
 * authenticate the one that lacks least is told. Empty when one of them is complete.
 */
export function missingCredentials(
  { inference, caller }: Pick<Spec, 'inference' | 'caller'>,
  own: readonly HeaderLine[],
  hasCertificate: boolean,
): readonly string[] {
  const given = [...caller.headers, ...own];
  const lacks = (inference?.security ?? []).map(schemes =>
    schemes.filter(scheme => !isGiven(scheme, given, caller.auth, hasCertificate)),
  );
  // What goes into a header can be given by a flag.
  const effort = (schemes: readonly Scheme[]) =>
    schemes.length + schemes.filter(scheme => scheme.in === 'query').length / 2;
  const least = lacks.toSorted((a, b) => effort(a) - effort(b))[0];
  return (least ?? []).map(described);
}

function isGiven(
  { kind, in: place, carrier }: Scheme,
  headers: readonly HeaderLine[],
  auth: Spec['caller']['auth'],
  hasCertificate: boolean,
): boolean {
  if (carrier === '') return hasCertificate;
  const name = place === 'cookie' ? 'cookie' : carrier.toLowerCase();
  if (place !== 'query' && headers.some(([header]) => header.toLowerCase() === name)) return true;
  if (auth === null) return false;
  if (auth.kind === 'apiKey') return auth.name.toLowerCase() === carrier.toLowerCase();
  if (auth.kind === 'command') return auth.header.toLowerCase() === name;
  return kind !== 'apiKey';
}

function described({ name, how, location }: Scheme): string {
  return `${location.file}:${location.line}: the document demands ${name}, and no credential is given; add ${how}`;
}
