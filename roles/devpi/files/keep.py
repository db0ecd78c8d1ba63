# Writes a file to /data, reads it back and takes it away.
import os, pathlib, secrets

path = pathlib.Path('/data') / f'.cairn-probe-{secrets.token_hex(8)}'
written = secrets.token_bytes(1 << 20)
try:
    with open(path, 'xb') as file:
        file.write(written)
        os.fsync(file.fileno())
    assert path.read_bytes() == written, f'{path} reads otherwise than it was written'
finally:
    path.unlink(missing_ok=True)
