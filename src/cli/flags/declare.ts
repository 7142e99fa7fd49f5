import { Option, type Command } from 'commander';
import type { CommandName, Flag } from './flag.js';
import { flagsOf } from './options.js';

/** Gives a command of the command line its flags. What they are given is read later, all of it at once: `optionsOf`. */
export function declareFlags(command: Command, name: CommandName): Command {
  for (const [, flag] of flagsOf(name)) {
    command.addOption(optionFor(flag));
    if (flag.kind === 'yes-no') command.addOption(new Option(flag.flag.replace('--', '--no-')).hideHelp());
  }
  return command;
}

function optionFor({ flag, help, kind, usual, choices }: Flag): Option {
  const option = new Option(flag, help);
  // Shown in the help; an unknown one is told with all other mistakes and not by commander, which ends at the first.
  if (choices.length > 0) option.argChoices = [...choices];
  if (usual !== null) option.default(usual, usual);
  if (kind === 'many') {
    option.argParser<readonly string[] | undefined>((value, before) => [...(before ?? []), value]);
  }
  return option;
}
