/** The key under which Redis holds the session of a cookie. @throws Error where the cookie is none of OAuth2 Proxy's */
export function sessionKey(cookie: string): string {
  const [signed = ''] = cookie.split('|');
  const ticket = /^v2\.([\w-]+=*)\.[\w-]+=*$/.exec(Buffer.from(signed, 'base64url').toString());
  const key = Buffer.from(ticket?.[1] ?? '', 'base64url').toString();
  if (!key.startsWith('_oauth2_proxy')) throw new Error('the session cookie names no session');
  return key;
}
