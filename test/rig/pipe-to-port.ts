// What `nc HOST PORT` does, where there is no nc: a ProxyCommand of the tests.
import { connect } from 'node:net';

const [host = '127.0.0.1', port] = process.argv.slice(2);
const socket = connect(Number(port), host);
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('close', () => process.exit(0));
