# Ends well when HOST PORT can't be reached.
import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
try:
    socket.create_connection((host, port), timeout=5).close()
except OSError:
    sys.exit(0)
print(f'{host}:{port} takes connections from this pod')
sys.exit(1)
