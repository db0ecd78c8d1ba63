#!/bin/sh
# One stage of a package's way through the index, as its users go it. What it makes lies in DIR and under a name of its own in the index.
# usage: journey.sh STAGE DIR TOOLS URL INDEX USER       begin DIR reads the authority as PEM, stages that log in read the password, from stdin
tools=$3 url=$4 index=$5 user=$6
# no setting of this machine's user has a say
clean() {
  env -i PATH="$PATH" HOME="$dir" LC_ALL=C.UTF-8 NO_COLOR=1 SSL_CERT_FILE="$dir/ca.pem" REQUESTS_CA_BUNDLE="$dir/ca.pem" PYTHONWARNINGS=ignore "$@"
}

# Programs ask for a password at the terminal; away from it (setsid) they take it from stdin, and no argument or variable shows it.
twine_upload() { # VERSION, password on stdin
  clean setsid -w "$tools/bin/twine" upload --disable-progress-bar --username "$user" --repository-url "$url/$index/" "$(wheel "$1")"
}

devpi() {
  verb=$1
  shift
  clean setsid -w "$tools/bin/devpi" "$verb" --clientdir "$dir/client" "$@"
}

case $stage in
  begin)
    cat > "$dir/ca.pem"
    for version in 1.0 1.1 2.0 2.1 2.2 2.3 2.4 2.5 2.6 2.7; do make_wheel $version; done ;;
  twine) twine_upload 1.0 ;;
  devpi)
    devpi use "$url/$index" >/dev/null
    devpi login "$user"
    devpi upload "$(wheel 1.1)" ;;
  pip)
    clean python3 -m pip --isolated --disable-pip-version-check install --cert "$dir/ca.pem" --no-cache-dir --no-deps --target "$dir/pip" \
      --index-url "$url/$index/+simple/" "$name==1.0"
    installed pip 1.0 ;;
  uv)
    clean "$tools/bin/uv" pip install --no-config --no-cache --no-deps --target "$dir/uv" --index-url "$url/$index/+simple/" "$name==1.1"
    installed uv 1.1 ;;
  together)
    read -r password || [ -n "$password" ]
    for minor in 0 1 2 3 4 5 6 7; do
      { echo "$password" | twine_upload "2.$minor" > "$dir/upload-$minor.log" 2>&1 || touch "$dir/upload-$minor.failed"; } &
    done
    wait
    for failed in "$dir"/upload-*.failed; do
      [ ! -e "$failed" ] || { tail -n 5 "${failed%.failed}.log" >&2; exit 1; }
    done
    page=$(clean python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())' "$url/$index/+simple/$name/")
    for minor in 0 1 2 3 4 5 6 7; do
      case $page in *"$module-2.$minor-"*) ;; *) echo "version 2.$minor was uploaded and is not listed" >&2; exit 1 ;; esac
    done ;;
  refused)
    if echo not-the-password | twine_upload 1.0 > "$dir/refused.log" 2>&1; then echo "an upload with a wrong password was taken" >&2; exit 1; fi
    grep -Eq '40[13]' "$dir/refused.log" || { tail -n 5 "$dir/refused.log" >&2; exit 1; } ;;
  end)
    trap 'rm -rf "$dir"' EXIT
    [ -e "$dir/client" ] || devpi use "$url/$index" >/dev/null
    devpi login "$user" >/dev/null
    devpi remove -y -f "$name" || true ;;
  *) echo "journey.sh: no stage $stage" >&2; exit 2 ;;
esac
