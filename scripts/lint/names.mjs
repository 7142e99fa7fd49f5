// What a global name stands for in the tables of ARCHITECTURE.md.

/** Names of the language itself, values and types; all else that is not declared is of the machine. */
const LANGUAGE = new Set(
  `undefined NaN Infinity isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent
  Object Array Boolean Number BigInt String Symbol Map Set WeakMap WeakSet Promise Proxy Reflect RegExp JSON Math Date Iterator
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError
  ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array
  Float64Array BigInt64Array BigUint64Array
  const Partial Required Readonly Record Pick Exclude Extract Omit NonNullable Parameters ConstructorParameters ReturnType
  InstanceType Awaited NoInfer ThisType Uppercase Lowercase Capitalize Uncapitalize PropertyKey PropertyDescriptor
  ReadonlyArray ReadonlyMap ReadonlySet ArrayLike PromiseLike Iterable IterableIterator AsyncIterable AsyncIterator
  AsyncIterableIterator Generator AsyncGenerator TemplateStringsArray ErrorOptions`.split(/\s+/),
);

/** Names that the tables know by what they give. */
const KINDS = {
  performance: 'clock',
  crypto: 'random',
  setTimeout: 'timers',
  setInterval: 'timers',
  setImmediate: 'timers',
  clearTimeout: 'timers',
  clearInterval: 'timers',
  clearImmediate: 'timers',
  queueMicrotask: 'timers',
};

/** What of a name that is pure otherwise is not: its members, and what it counts as. */
const IMPURE = {
  Math: { members: ['random'], kind: 'random' },
  AbortSignal: { members: ['timeout'], kind: 'timers' },
};

/**
 * What a use of a global name is in the tables: `null` for the language itself.
 * @param {{ name: string }} identifier Its node, with its parents.
 * @param {boolean} isType Whether a type alone is meant.
 * @returns {string | null}
 */
export function kindOf(identifier, isType) {
  const { name } = identifier;
  if (Object.hasOwn(KINDS, name)) return KINDS[name];
  if (!isType && name === 'Date' && readsTheClock(identifier)) return 'clock';
  if (!isType && Object.hasOwn(IMPURE, name) && takesImpure(identifier, IMPURE[name].members)) return IMPURE[name].kind;
  return LANGUAGE.has(name) ? null : name;
}

/** Whether a use of `Date` does anything but turn one way of writing a time into another. */
function readsTheClock(identifier) {
  const { parent } = identifier;
  if (parent.type === 'NewExpression' && parent.callee === identifier) {
    return parent.arguments.length === 0 || parent.arguments[0].type === 'SpreadElement';
  }
  return takesOther(identifier, member => member === 'parse' || member === 'UTC');
}

function takesImpure(identifier, members) {
  return takesOther(identifier, member => !members.includes(member));
}

/** Whether more is taken of a name than its harmless members; a name that is handed on may be used for anything. */
function takesOther(identifier, isHarmless) {
  const { parent } = identifier;
  if (parent.type === 'BinaryExpression' && parent.operator === 'instanceof') return false;
  if (parent.type !== 'MemberExpression' || parent.object !== identifier) return true;
  return parent.computed || !isHarmless(parent.property.name);
}
