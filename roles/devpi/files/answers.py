# Asks devpi at URL where one logs in: it must say EXPECTED, whoever asks. A body that only devpi gives proves that it was devpi.
import json, sys, urllib.request

url, expected = sys.argv[1:]
with urllib.request.urlopen(urllib.request.Request(url, headers={'Accept': 'application/json'}), timeout=10) as answer:
    body = answer.read().decode()
found = json.loads(body).get('result', {}).get('login')
if found != expected:
    print(f'GET {url} → login {found}, expected {expected}')
    sys.exit(1)
