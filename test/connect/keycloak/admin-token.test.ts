import { describe, expect, it } from 'vitest';
import { KeycloakAdmin } from '../../../src/connect/keycloak/admin.ts';
import type { KnownEndpoint } from '../../../src/model/endpoint.ts';
import type { Http, HttpRequest, HttpResponse } from '../../../src/model/http.ts';
import { revealText, Secret } from '../../../src/model/secret.ts';

const second = 1000;

/** A Keycloak that knows nothing but who comes: its tokens live a minute of a clock that the test turns. */
class Door implements Http {
  now = 0;
  /** Ends of tokens, by token. */
  readonly #tokens = new Map<string, number>();
  granted = 0;
  refused = 0;
  isDown = false;

  async send(url: string, request: HttpRequest = {}): Promise<HttpResponse> {
    await Promise.resolve();
    if (url.endsWith('/token')) return this.isDown ? answer(503, {}) : answer(200, this.#grant());
    const token = revealText(request.headers?.authorization ?? '').replace('Bearer ', '');
    if ((this.#tokens.get(token) ?? 0) > this.now) return answer(200, { id: 'a realm' });
    this.refused += 1;
    return answer(401, { error: 'HTTP 401 Unauthorized' });
  }

  /** Restarted with other keys: no token counts any more. */
  restart(): void {
    this.#tokens.clear();
  }

  #grant(): object {
    this.granted += 1;
    this.#tokens.set(`token-${this.granted}`, this.now + 60 * second);
    return { access_token: `token-${this.granted}`, expires_in: 60 };
  }
}

function answer(status: number, body: object): HttpResponse {
  return { status, headers: {}, body: JSON.stringify(body) };
}

const login = { user: 'admin', password: new Secret('an-admin-password'), realm: 'master' };
const target: KnownEndpoint = { kind: 'endpoint', type: 'keycloak', name: 'sso', url: 'https://sso.test', login };

function adminAt(door: Door): KeycloakAdmin {
  return new KeycloakAdmin(target, { http: door, way: {}, mayWrite: false, now: () => door.now });
}

describe("an administrator's token", () => {
  it('is renewed in time through a run of five minutes, though it lives one', async () => {
    const door = new Door();
    const admin = adminAt(door);
    for (; door.now <= 300 * second; door.now += second) expect(await admin.get('cairn')).toEqual({ id: 'a realm' });
    expect(door.refused).toBe(0);
    expect(door.granted).toBe(7);
  });

  it('is asked for once, however many want it at the same time', async () => {
    const door = new Door();
    const admin = adminAt(door);
    await Promise.all(Array.from({ length: 40 }, () => admin.get('cairn')));
    expect(door.granted).toBe(1);
  });

  it('is asked for again where a server that was restarted no longer knows it', async () => {
    const door = new Door();
    const admin = adminAt(door);
    await admin.get('cairn');
    door.restart();
    expect(await admin.get('cairn')).toEqual({ id: 'a realm' });
    expect([door.refused, door.granted]).toEqual([1, 2]);
  });

  it('is asked for again after the server gave none', async () => {
    const door = new Door();
    const admin = adminAt(door);
    door.isDown = true;
    const said = await admin.get('cairn').catch((error: unknown) => error);
    expect(said).toMatchObject({ code: 'keycloak-failed' });
    expect(JSON.stringify(said)).not.toContain('an-admin-password');
    door.isDown = false;
    expect(await admin.get('cairn')).toEqual({ id: 'a realm' });
  });
});
