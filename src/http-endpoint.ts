/** An endpoint over HTTP. Its URL may hold a key in its path, its query or its credentials: people are shown its host alone. */
export class HttpEndpoint {
  readonly host: string;
  /** Where requests go, without credentials: fetch takes none inside a URL. */
  readonly target: URL;
  /** The credentials, as a request carries them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];

  constructor(url: URL) {
    const { host, href, pathname, search, searchParams, username, password } = url;
    this.host = host;
    this.target = new URL(url);
    this.target.username = "";
    this.target.password = "";
    const secret = `${decoded(username)}:${decoded(password)}`;
    this.headers = secret === ":" ? {} : { authorization: `Basic ${Buffer.from(secret).toString("base64")}` };
    const parts = [
      href,
      pathname,
      search,
      ...pathname.split("/"),
      ...searchParams.values(),
      username,
      password,
    ];
    this.#secrets = parts.filter((part) => part.length >= 4).sort((a, b) => b.length - a.length);
  }

  /** A text of the endpoint, without the parts of the URL that it repeats. */
  withoutSecrets(text: string): string {
    return this.#secrets.reduce((rest, part) => rest.replaceAll(part, "(hidden)"), text);
  }
}

/** A part of a URL without its escapes; as it is where those are none. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
