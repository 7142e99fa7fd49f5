import type { Flaw } from '../flaw.js';

export const putKeepsColour: Flaw = {
  id: 'put-keeps-colour',
  title: 'PUT of a label leaves the colour it was made with, whether the body says one or not.',
  exposes: { check: 'put-replaces-whole', code: 'perhaps-kept', resource: 'label' },
  hooks: base => ({
    putLabel: write =>
      base.putLabel({
        ...write,
        commit: draft => write.commit({ ...draft, colour: write.find()?.colour ?? draft.colour }),
      }),
  }),
};
