// The linter's rules of this house: each file of src uses what the tables of ARCHITECTURE.md allow it, and nothing else.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kindOf } from './names.mjs';
import { rowsFor, rowsOf } from './table.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const rows = rowsOf(readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8'));

const fromRoot = file => relative(ROOT, file).split(sep).join('/');

/** The part of src a file belongs to: `src/core` for what lies in it, the file itself for one that lies beside the folders. */
const partOf = file => file.split('/').slice(0, 2).join('/');

/** What an import of a file is in the table: the part of src or the package; `null` for what lies in its own part. */
function importOf(specifier, file) {
  if (!specifier.startsWith('.')) {
    return specifier.startsWith('node:') ? specifier : (/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  }
  const part = partOf(fromRoot(resolve(dirname(file), specifier)));
  return part === partOf(fromRoot(file)) ? null : part;
}

const arrows = {
  meta: {
    type: 'problem',
    docs: { description: 'a file uses what the tables of ARCHITECTURE.md allow it' },
    schema: [],
  },
  create(context) {
    const own = rowsFor(rows, fromRoot(context.filename));
    const isIn = name => own.some(({ allows }) => allows.has(name));
    const isAllowed = name => isIn(name) || (name.startsWith('src/') && isIn('src/everything'));
    const use = (node, name) => {
      if (name === null || isAllowed(name)) return;
      const place = own.length === 0 ? 'a file without a row' : own[0].place;
      context.report({ node, message: `${place} may not use "${name}": see the tables of ARCHITECTURE.md` });
    };
    const imported = node => {
      if (node === null) return;
      const isKnown = node.type === 'Literal' && typeof node.value === 'string';
      use(node, isKnown ? importOf(node.value, context.filename) : 'an import of what is only known when it runs');
    };
    const read = (reference, isType) => use(reference.identifier, kindOf(reference.identifier, isType));
    return {
      ImportDeclaration: ({ source }) => imported(source),
      ExportNamedDeclaration: ({ source }) => imported(source),
      ExportAllDeclaration: ({ source }) => imported(source),
      ImportExpression: ({ source }) => imported(source),
      TSImportType: ({ source }) => imported(source),
      TSExternalModuleReference: ({ expression }) => imported(expression),
      MetaProperty(node) {
        if (node.meta.name === 'import') use(node, 'import.meta');
      },
      'Program:exit'() {
        const { globalScope } = context.sourceCode.scopeManager;
        const undeclared = globalScope.variables.filter(({ defs }) => defs.length === 0);
        const found = [...globalScope.through, ...undeclared.flatMap(({ references }) => references)];
        for (const reference of new Set(found)) read(reference, reference.isTypeReference === true);
      },
    };
  },
};

export default { meta: { name: 'house' }, rules: { arrows } };
