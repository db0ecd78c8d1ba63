// One half of a visit to the dashboard in a real browser. What the visitor has on leaving the first half lies in DIR.
// usage: node browser.mjs look                     ends well where there is a browser to visit with
//        node browser.mjs enter DIR URL LOGIN      is sent to LOGIN, tries a wrong password and then the right one; prints the session's cookie
//        node browser.mjs leave DIR URL LOGIN      comes back with that session, signs out, and is sent to LOGIN again
// Stdin has JSON: ca (PEM; left out: a public authority signs), user, password. PICTURE is a file for a picture of what the visitor sees.
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates, connect } from 'node:tls';

const [stage, folder, url, login] = process.argv.slice(2);
const browsers = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join('/usr/bin', name));
const executablePath = browsers.find((path) => existsSync(path));
const { chromium } = await import('playwright-core').catch(() => ({}));
if (!executablePath || !chromium) process.exit(3);
if (stage === 'look') process.exit(0);

const { ca, user, password } = JSON.parse(readFileSync(0, 'utf8'));
const state = join(folder, 'browser.json');

// The browser has authorities of its own. The one that signs here is asked first, and then this one key is believed.
function keyOf(host) {
  return new Promise((resolve, reject) => {
    const trusted = ca ? [...rootCertificates, ca] : undefined;
    const socket = connect({ host, port: 443, servername: host, ...(trusted ? { ca: trusted } : {}) }, () => {
      const { publicKey } = new X509Certificate(socket.getPeerCertificate().raw);
      socket.destroy();
      resolve(createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64'));
    });
    socket.on('error', reject);
  });
}

function demand(holds, said) {
  if (holds) return;
  console.error(said);
  process.exit(1);
}

const hosts = [url, login].map((one) => new URL(one).hostname);
const keys = await Promise.all(hosts.map(keyOf));
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-quic', `--ignore-certificate-errors-spki-list=${[...new Set(keys)].join(',')}`],
});
const context = await browser.newContext({
  viewport: { width: 1100, height: 640 },
  ...(stage === 'leave' ? { storageState: state } : {}),
});
const page = await context.newPage();
page.setDefaultTimeout(30_000);
const isAtLogin = () => page.url().startsWith(login);
const open = async () => (await page.goto(url)).status();

async function logIn(secret) {
  await page.fill('#username', user);
  await page.fill('#password', secret);
  await Promise.all([page.waitForLoadState('load'), page.click('#kc-login')]);
  await page.waitForLoadState('networkidle');
}

async function enter() {
  await open();
  demand(isAtLogin(), `without a session ${url} shows ${page.url()}, expected ${login}`);
  await logIn('not-the-password');
  demand(!page.url().startsWith(url), 'a wrong password was accepted');
  demand(await page.locator('#kc-login').isVisible(), 'after a wrong password there is no login page');
  await logIn(password);
  demand(page.url().startsWith(url), `after the login the browser shows ${page.url()}, expected ${url}`);
  demand(/devpi/i.test(await page.content()), `${page.url()} shows no devpi`);
  const leads = await page.$$eval('a[href]', (links) => links.map(({ href }) => href));
  demand(leads.some((href) => href.startsWith(url)), `no link of the page stays at ${url}`);
  writeFileSync(state, JSON.stringify(await context.storageState()), { mode: 0o600 });
  const cookie = (await context.cookies()).find(({ name }) => name === '_oauth2_proxy');
  demand(cookie?.httpOnly && cookie.secure && cookie.sameSite === 'None', 'the session has no cookie as it should be');
  console.log(cookie.value);
}

async function leave() {
  demand((await open()) === 200 && page.url().startsWith(url), `with its session the browser comes to ${page.url()}`);
  await page.goto(new URL('/oauth2/sign_out', url).href);
  await open();
  demand(isAtLogin(), `after the sign-out ${url} shows ${page.url()}, expected ${login}`);
  demand(await page.locator('#password').isVisible(), 'Keycloak still knows who signed out');
}

try {
  await (stage === 'enter' ? enter : leave)();
  if (process.env.PICTURE) await page.screenshot({ path: process.env.PICTURE });
} catch (error) {
  demand(false, `${String(error.message).split('\n')[0]}; the browser shows ${page.url().split('?')[0]}`);
} finally {
  await browser.close();
}
