# What journeys begin with: the package that goes it, under a name of its own.      STAGE DIR …
set -eu
stage=$1 dir=$2
name=cairn-probe-$(basename "$dir" | tr 'A-Z' 'a-z' | tr -dc 'a-z0-9')
module=$(echo "$name" | tr - _)
wheel() { echo "$dir/$module-$1-py3-none-any.whl"; }

make_wheel() { # VERSION
  python3 - "$(wheel "$1")" "$name" "$module" "$1" <<'PY'
import sys, zipfile
path, name, module, version = sys.argv[1:]
info = f'{module}-{version}.dist-info'
with zipfile.ZipFile(path, 'w') as wheel:
    wheel.writestr(f'{module}.py', f'version = {version!r}\n')
    wheel.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n')
    wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\nGenerator: cairn\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
    wheel.writestr(f'{info}/RECORD', '')
PY
}

installed() { # FOLDER VERSION
  found=$(PYTHONPATH=$dir/$1 python3 -c "import $module; print($module.version)")
  [ "$found" = "$2" ] || { echo "installed version $found, expected $2" >&2; exit 1; }
}

