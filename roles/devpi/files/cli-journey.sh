# One stage of a package's way by the scripts of a user, as that user. What it makes lies in DIR and under a name of its own in the index.
# usage: STAGE DIR SCRIPTS SHELL       SHELL empty: the scripts by their paths; else by their names, in a fresh login shell
#                                      stages that log in read the password from stdin
scripts=$3 shell=$4
base="PATH=/usr/local/bin:/usr/bin:/bin LC_ALL=C.UTF-8 TERM=dumb USER=$(id -un) LOGNAME=$(id -un) DEVPI_CLIENTDIR=$dir/client"

# No setting of who started this has a say. What a shell keeps for its next start lies in DIR, too.
call() {
  case $shell in
    '') env -i $base HOME="$dir" "$scripts/$@" ;;
    *) setsid -w env -i $base HOME="$HOME" SHELL="$shell" HISTFILE= XDG_DATA_HOME="$dir/data" XDG_CONFIG_HOME="$dir/config" "$shell" -lic "$*" ;;
  esac
}

case $stage in
  begin)
    make_wheel 1.0
    mkdir "$dir/config"
    for folder in fish pip; do [ ! -d "$HOME/.config/$folder" ] || cp -R "$HOME/.config/$folder" "$dir/config"; done ;;
  login) call devpi-login ;;
  use) call devpi-use ;;
  upload) call devpi-upload "$(wheel 1.0)" ;;
  install)
    call devpi-install --no-deps --no-cache-dir --target "$dir/installed" "$name==1.0"
    installed installed 1.0 ;;
  pip)
    env -i $base HOME="$HOME" "$scripts/client/bin/pip" download --disable-pip-version-check --no-cache-dir --no-deps --dest "$dir/pip" "$name==1.0"
    cmp "$dir/pip/$(basename "$(wheel 1.0)")" "$(wheel 1.0)" ;;
  backup)
    call devpi-backup "$dir/backup" "$name"
    cmp "$dir/backup/$name/$(basename "$(wheel 1.0)")" "$(wheel 1.0)" ;;
  refused)
    if echo not-the-password | call devpi-login > "$dir/refused.log" 2>&1; then echo "a login with a wrong password was taken" >&2; exit 1; fi
    grep -q 401 "$dir/refused.log" || { tail -n 5 "$dir/refused.log" >&2; exit 1; } ;;
  end)
    trap 'rm -rf "$dir"' EXIT
    shell=''
    call devpi-login >/dev/null
    call devpi remove -y -f "$name" || true ;;
  *) echo "cli-journey.sh: no stage $stage" >&2; exit 2 ;;
esac
