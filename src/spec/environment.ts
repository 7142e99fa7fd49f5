import { isMembers } from './data.js';
import type { Mistakes } from './mistakes.js';
import type { Path } from './source.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, `${NAME:-default}`, and `$${` for a literal `${`. */
const VARIABLE = /\$\$\{|\$\{([^}]*)\}/g;

/**
 * The document with `${NAME}` and `${NAME:-default}` filled in wherever a text stands (never in a key). What is filled in
 * stays a text, even where a whole value is one variable. A name that is not set and has no default is a mistake; its
 * text stays as it was.
 */
export function withEnvironment(value: unknown, env: Environment, mistakes: Mistakes, path: Path = []): unknown {
  if (typeof value === 'string') {
    const complaints: string[] = [];
    const text = filled(value, env, mistakes.hide, complaint => complaints.push(complaint));
    for (const complaint of complaints) mistakes.add(path, complaint);
    if (complaints.length > 0) mistakes.close(path);
    return text;
  }
  if (Array.isArray(value)) return value.map((item, index) => withEnvironment(item, env, mistakes, [...path, index]));
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withEnvironment(item, env, mistakes, [...path, name])]),
  );
}

function filled(text: string, env: Environment, hide: Mistakes['hide'], complain: (text: string) => void): string {
  return text.replaceAll(VARIABLE, (whole, inner: string | undefined) => {
    if (inner === undefined) return '${';
    const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inner) ?? [];
    if (name === undefined) {
      complain(`"${whole}" is no environment variable; write \${NAME} or \${NAME:-default}`);
      return whole;
    }
    const given = Object.hasOwn(env, name) ? env[name] : undefined;
    if (given !== undefined) hide(given, name);
    // As in a shell, `:-` also replaces a variable that is set to nothing.
    if (fallback !== undefined) return given === undefined || given === '' ? fallback : given;
    if (given !== undefined) return given;
    complain(`environment variable ${name} is not set; set it, or write \${${name}:-default}`);
    return whole;
  });
}
