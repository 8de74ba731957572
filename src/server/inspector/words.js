// Verdicts and reasons in symbols and words: colour alone says nothing.

export const VERDICTS = {
  matches: { symbol: "✓", word: "matches" },
  differs: { symbol: "≠", word: "differs" },
  unmatched: { symbol: "?", word: "unmatched" },
};

/** In the order of a near-miss table: what differs comes first. */
export const CHECKS = {
  differs: { symbol: "≠", word: "differs" },
  varies: { symbol: "~", word: "varies" },
  unchecked: { symbol: "–", word: "not checked" },
  holds: { symbol: "✓", word: "holds" },
};

const unknown = (word) => ({ symbol: "·", word: String(word) });

export const verdict = (name) => VERDICTS[name] ?? unknown(name);
export const check = (name) => CHECKS[name] ?? unknown(name);

const CHOICES = {
  forced: "the request asked for it",
  sequence: "next of the sequence",
  agreement: "agrees best with the request",
  "first-success": "first case that succeeds",
  first: "first case",
};

export const chosenBy = (name) => CHOICES[name] ?? name;

const REASONS = {
  200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
  304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
  403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large",
  415: "Unsupported Media Type", 422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error",
  502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
};

/** `201 Created`, by RFC 9110. */
export const status = (code) => (REASONS[code] ? `${code} ${REASONS[code]}` : String(code));
