import { quote, quoteAll, type ShellText } from '../quote.ts';
import type { PackageManager, PackagePlan } from './manager.ts';

const call = 'LC_ALL=C dnf --setopt=install_weak_deps=0';
const keeping = '--setopt=clean_requirements_on_remove=0';
// What is installed is all that matters: no repository is asked.
const asked = (format: string): ShellText =>
  `${call} -q -C --disablerepo='*' repoquery --userinstalled --qf ${quote(format)}`;

/** dnf 4 of Fedora, Red Hat and their kin, with rpm beneath it. */
export const dnf: PackageManager = {
  packages: `echo = && uname -m && rpm -qa --qf '%{NAME}\\t%{EVR}\\t%{ARCH}\\n' && echo && ${asked('%{name}\\t%{arch}')}`,
  package: (name) => `rpm -q -- ${quote(name)} >/dev/null 2>&1 || { echo absent; exit 0; }
  version=$(rpm -q --qf '%{EVR}\\n' -- ${quote(name)} | tail -n 1) && by_us=$(${asked('%{name}')} ${quote(name)}) || exit 1
  [ -n "$by_us" ] && mark= || mark=auto
  printf '%s %s\\n' "$version" "$mark"`,
  // It ends with 1 when it was told not to go on, and when it can't.
  plan: (question) => `said=$(${call} --assumeno ${planned(question)} 2>&1 </dev/null); status=$?
  case $status:$said in 0:*|*'Transaction Summary'*) printf '%s\\n' "$said";; *) fail "$said";; esac`,
  install: (names) => `${call} -y install -- ${quoteAll(names.map(pinned))} </dev/null`,
  remove: (names) => `${call} -y ${keeping} remove -- ${quoteAll(names)} </dev/null`,
  mark: (names, how) => `${call} -y mark ${how === 'auto' ? 'remove' : 'install'} -- ${quoteAll(names)} </dev/null`,
};

function planned({ install, remove, autoremove }: PackagePlan): ShellText {
  if (install.length > 0) return `install -- ${quoteAll(install.map(pinned))}`;
  if (remove.length === 0) return 'autoremove';
  return `${autoremove ? '' : `${keeping} `}remove -- ${quoteAll(remove)}`;
}

function pinned(name: string): string {
  return name.replace('=', '-');
}
