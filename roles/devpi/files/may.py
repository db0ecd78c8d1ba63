# Asks the API server with this pod's token: each argument is STATUS PATH, the answer expected and the path.
import ssl, sys, urllib.error, urllib.request

folder = '/var/run/secrets/kubernetes.io/serviceaccount'
token = open(f'{folder}/token').read()
trust = ssl.create_default_context(cafile=f'{folder}/ca.crt')


def status(path):
    request = urllib.request.Request(f'https://kubernetes.default.svc{path}', headers={'Authorization': f'Bearer {token}'})
    try:
        return urllib.request.urlopen(request, timeout=10, context=trust).status
    except urllib.error.HTTPError as error:
        return error.code


wrong = 0
for argument in sys.argv[1:]:
    expected, path = argument.split(' ', 1)
    got = status(path)
    if str(got) != expected:
        wrong += 1
        print(f'GET {path} → {got}, expected {expected}')
sys.exit(1 if wrong else 0)
