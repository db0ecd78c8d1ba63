# The scripts by their names, their completions, and the index for uv. Kept by Cairn, devpi/86_shell_config.
# What is set already stays.
set -q REQUESTS_CA_BUNDLE; or set -gx REQUESTS_CA_BUNDLE '{{ cliTrust }}'
set -q SSL_CERT_FILE; or set -gx SSL_CERT_FILE '{{ cliTrust }}'
{{#if uvIndex}}
set -q UV_DEFAULT_INDEX; or set -gx UV_DEFAULT_INDEX '{{ uvIndex }}'
{{/if}}

for script in {{ names }}
    function $script --inherit-variable script --description 'of the Python index'
        '{{ scripts }}'/$script $argv
    end
end

complete -c devpi-upload -F
complete -c devpi-use -f -a '{{ index }}'
complete -c devpi-login -f -a '{{ adminUser }}'
complete -c devpi-install -f
complete -c devpi-backup -x -a '(__fish_complete_directories)'
