import { rebootSign } from '../../model/reboot.ts';
import { quote, type ShellText } from './quote.ts';

/** Says which boot ends, then has the host restart a moment later: so the answer still gets away. */
export function rebootBody(boot: string): ShellText {
  return `( if [ -d /run/systemd/system ]; then set -- systemctl reboot; else set -- reboot; fi
command -v "$1" >/dev/null || { fail "the host has no $1"; exit 1; }
printf '%s\\n' ${quote(boot)} >${rebootSign} && sync || exit 1
session=; if command -v setsid >/dev/null; then session=setsid; fi
$session sh -c 'sleep 1; exec "$@"' sh "$@" </dev/null >/dev/null 2>&1 & )`;
}
