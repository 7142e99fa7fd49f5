import { register } from 'node:module';

// As where the package was never installed: the process that imports this first cannot find it.
const hooks = `
export async function resolve(specifier, context, next) {
  if (specifier !== 'ioredis') return next(specifier, context);
  throw Object.assign(new Error("Cannot find package 'ioredis'"), { code: 'ERR_MODULE_NOT_FOUND' });
}`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
