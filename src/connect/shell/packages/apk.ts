import { quote, quoteAll } from '../quote.ts';
import type { PackageManager } from './manager.ts';

const database = '/lib/apk/db/installed';
// The names of what somebody asked for, without versions and tags.
const world = "sed 's/[@<>=~].*//' /etc/apk/world";
const entries = `sed -n -e '/^P:/{s/^P://;h;}' -e '/^V:/{s/^V://;H;}' -e '/^A:/{s/^A://;H;g;s/\\n/\\t/g;p;}' ${database}`;

/** apk of Alpine. What only another package needed goes with it. */
export const apk: PackageManager = {
  packages: `echo = && apk --print-arch && ${entries} && echo && ${world}`,
  package: (name) => `version=$(${entries} | while IFS='	' read -r one version _; do
    [ "$one" != ${quote(name)} ] || printf '%s\\n' "$version"; done)
  [ -n "$version" ] || { echo absent; exit 0; }
  ${world} | grep -qxF -- ${quote(name)} && mark= || mark=auto
  printf '%s %s\\n' "$version" "$mark"`,
  plan: ({ install, remove, autoremove }) => {
    if (install.length > 0) return `apk -s add -- ${quoteAll(install)}`;
    // It removes what nothing needs any more by itself, and nothing that is needed.
    if (autoremove) return remove.length > 0 ? `apk -s del -- ${quoteAll(remove)}` : ':';
    return `for one in ${quoteAll(remove)}; do printf '(1/1) Purging %s\\n' "$one"; apk info -q -r -- "$one"; done |
  while read -r one; do case $one in ''|'('*) echo "$one";; *) echo "(1/1) Purging \${one%-*-r*}";; esac; done`;
  },
  install: (names) => `apk --update-cache add -- ${quoteAll(names)} </dev/null`,
  remove: (names) => `apk del -- ${quoteAll(names)} </dev/null`,
  mark: (names, how) => `apk ${how === 'auto' ? 'del' : 'add'} -- ${quoteAll(names)} </dev/null`,
};
