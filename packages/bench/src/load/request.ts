/** A request in the form it goes over the wire, and what its check needs to know of it. */
export interface BenchRequest {
  readonly wire: string;
  /** Number that the scenario gives a meaning to: usually the index of the user or page asked for. */
  readonly subject: number;
}

/** A GET without Accept-Encoding: compression would be measured, not Nova. */
export function getRequest(path: string, token: string | null, subject = 0): BenchRequest {
  return { wire: `GET ${path} HTTP/1.1\r\nhost: nova\r\n${authorization(token)}\r\n`, subject };
}

/** A POST with a JSON body that is already text. */
export function postRequest(path: string, token: string | null, json: string, subject = 0): BenchRequest {
  const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n`;
  return { wire: `POST ${path} HTTP/1.1\r\nhost: nova\r\n${authorization(token)}${head}\r\n${json}`, subject };
}

function authorization(token: string | null): string {
  return token === null ? '' : `authorization: Bearer ${token}\r\n`;
}
