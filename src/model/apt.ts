/**
 * Shell text that runs apt, which leaves copies of keys and signatures among the temporary files, most of all when it is
 * ended: it gets a folder that goes. Its words are the positional parameters.
 */
export const tidyApt = `
temp=$(mktemp -d /tmp/.cairn-XXXXXXXXXXXX) || exit 1
trap 'rm -rf -- "$temp"' EXIT; trap 'exit 143' TERM HUP INT PIPE
chown -- _apt "$temp" 2>/dev/null || :
TMPDIR="$temp" apt-get "$@"`;
