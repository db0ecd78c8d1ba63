// `import` of node:http reads all of its exports, one of which loads the whole of fetch: 25 ms of each command, and TLS as much again.

/** Node's HTTP, loaded when it is first asked for. */
export function plainHttp(): typeof import('node:http') {
  return process.getBuiltinModule('node:http');
}

/** The same with TLS. */
export function secureHttp(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}

/** Node's TLS, loaded when it is first asked for. */
export function tls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls');
}
