/** What a browser remembers of servers: cookies by name, with the domains that get them. */
export class Cookies {
  readonly #kept = new Map<string, { readonly value: string; readonly domain: string }>();

  /** Takes what an answer sets; what a server sets for a domain that isn't its own is left, as browsers do. */
  take(host: string, header: string | undefined): void {
    for (const line of cookiesIn(header)) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const domain = (attribute(attributes, 'domain') ?? host).replace(/^\./, '');
      if (!belongs(host, domain)) continue;
      if (value === '' || attribute(attributes, 'max-age') === '0') this.#kept.delete(name);
      else this.#kept.set(name, { value, domain });
    }
  }

  /** The header for a request to a host. */
  for(host: string): string {
    return [...this.#kept]
      .filter(([, { domain }]) => belongs(host, domain))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  /** The value of a cookie; undefined where there is none. */
  get(name: string): string | undefined {
    return this.#kept.get(name)?.value;
  }
}

/** The cookies of an answer's `set-cookie`, in which several stand side by side; the commas in their dates part none. */
export function cookiesIn(header = ''): readonly string[] {
  return header === '' ? [] : header.split(/, (?=[^;,\s=]+=)/);
}

function attribute(attributes: readonly string[], name: string): string | undefined {
  const found = attributes.find((one) => one.toLowerCase().startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

function belongs(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
