"""Hears of pushes to a branch, and starts a build. Tells are signed as GitHub signs them: X-Hub-Signature-256.

usage: receiver.py NAMESPACE TEMPLATE BRANCH PORT
https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
"""
import hashlib, hmac, json, signal, ssl, sys, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

namespace, template, branch, port = sys.argv[1:]
account = '/var/run/secrets/kubernetes.io/serviceaccount'
api = f'https://kubernetes.default.svc/apis/argoproj.io/v1alpha1/namespaces/{namespace}'
most = 25 * 1024 * 1024


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def ask(path, body=None):
    headers = {'Authorization': 'Bearer ' + read(f'{account}/token').decode(), 'Content-Type': 'application/json'}
    request = urllib.request.Request(f'{api}/{path}', headers=headers, data=body and json.dumps(body).encode())
    trusted = ssl.create_default_context(cafile=f'{account}/ca.crt')
    with urllib.request.urlopen(request, context=trusted, timeout=10) as answer:
        return json.load(answer)


def start():
    """Starts a build, which goes with the template."""
    uid = ask(f'workflowtemplates/{template}')['metadata']['uid']
    owner = {'apiVersion': 'argoproj.io/v1alpha1', 'kind': 'WorkflowTemplate', 'name': template, 'uid': uid}
    spec = {
        'workflowTemplateRef': {'name': template},
        'arguments': {'parameters': [{'name': 'cause', 'value': 'a push'}]},
        'ttlStrategy': {'secondsAfterSuccess': 600, 'secondsAfterFailure': 86400},
        'podGC': {'strategy': 'OnWorkflowSuccess'},
    }
    metadata = {'generateName': f'{template}-', 'ownerReferences': [owner]}
    made = ask('workflows', {'apiVersion': 'argoproj.io/v1alpha1', 'kind': 'Workflow', 'metadata': metadata, 'spec': spec})
    return made['metadata']['name']


def concerns(push):
    """Whether a push may have changed what is built. Where it doesn't say which files, it may."""
    if push.get('ref') != f'refs/heads/{branch}':
        return False
    commits = push.get('commits') or [{'modified': ['image/']}]
    paths = [path for commit in commits for key in ('added', 'modified', 'removed') for path in commit.get(key, [])]
    return any(path.startswith('image/') for path in paths)


class Receiver(BaseHTTPRequestHandler):
    def do_GET(self):
        self.say(200 if self.path == '/healthz' else 404, 'pushes are told by POST')

    def do_POST(self):
        length = int(self.headers.get('Content-Length') or 0)
        if length > most:
            return self.say(413, 'too long')
        body = self.rfile.read(length)
        signature = 'sha256=' + hmac.new(read('/run/secrets/webhook/secret'), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature, self.headers.get('X-Hub-Signature-256') or ''):
            return self.say(401, 'the signature is wrong')
        if self.headers.get('X-GitHub-Event', 'push') != 'push':
            return self.say(200, 'heard')
        try:
            push = json.loads(body)
        except ValueError:
            return self.say(400, 'no JSON')
        if not concerns(push):
            return self.say(200, f'nothing that is built from branch {branch} has changed')
        try:
            return self.say(202, f'started {start()}')
        except OSError as error:
            return self.say(502, f'the API server: {error}')

    def say(self, status, text):
        body = (text + '\n').encode()
        self.send_response(status)
        self.send_header('Content-Type', 'text/plain; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *args):
        if self.path != '/healthz':
            print(self.path, *args[1:], flush=True)


# The first process of a container is told to end in vain unless it listens; what it is being told of, it still hears.
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
server = ThreadingHTTPServer(('', int(port)), Receiver)
server.daemon_threads = False
print('listening on', server.server_port, flush=True)
server.serve_forever()
