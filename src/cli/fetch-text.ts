/** Larger documents are a mistake. */
const MOST_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** The text at an address; redirects are followed on the same host alone. Rejects with what is wrong, as a phrase. */
export async function fetchText(url: string): Promise<string> {
  let address = url;
  for (let hops = 0; hops < 5; hops++) {
    const response = await answerOf(address);
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next !== null) {
      const target = new URL(next, address);
      if (target.host !== new URL(url).host) throw new Error(`is redirected to another host, ${target.host}`);
      address = target.href;
      continue;
    }
    if (!response.ok) throw new Error(`was answered with ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length > MOST_BYTES) throw new Error(`is larger than ${MOST_BYTES / 1024 / 1024} MB`);
    return new TextDecoder().decode(bytes);
  }
  throw new Error('is redirected too often');
}

async function answerOf(url: string): Promise<Response> {
  try {
    return await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' },
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`could not be fetched (${cause})`, { cause: error });
  }
}
