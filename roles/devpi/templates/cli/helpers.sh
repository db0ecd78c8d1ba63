# Read by shells at their start: the scripts by their names, and the index for uv. Kept by Cairn, devpi/86_shell_config.
# What is set already stays.
case ":$PATH:" in
  *:'{{ scripts }}':*) ;;
  *) PATH=$PATH:'{{ scripts }}'; export PATH ;;
esac
REQUESTS_CA_BUNDLE=${REQUESTS_CA_BUNDLE:-'{{ cliTrust }}'}
SSL_CERT_FILE=${SSL_CERT_FILE:-'{{ cliTrust }}'}
export REQUESTS_CA_BUNDLE SSL_CERT_FILE
{{#if uvIndex}}
UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-'{{ uvIndex }}'}
export UV_DEFAULT_INDEX
{{/if}}
if [ -n "${BASH_VERSION-}" ]; then
  # wheels, tar archives and zips
  complete -o plusdirs -f -X '!*.[wtz][hai]*' devpi-upload
  complete -W '{{ index }}' devpi-use
  complete -W '{{ adminUser }}' devpi-login
  complete -d devpi-backup
elif [ -n "${ZSH_VERSION-}" ] && command -v compdef >/dev/null; then
  compdef '_files -g "*.(whl|tar.gz|zip)"' devpi-upload
  compdef '_values index {{ index }}' devpi-use
  compdef '_values user {{ adminUser }}' devpi-login
  compdef '_directories' devpi-backup
fi
