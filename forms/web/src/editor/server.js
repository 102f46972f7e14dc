// Talks to our server; a refusal becomes an Error whose message is the server's own words for the reader.
export async function send(settings, url, type, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': type, 'X-CSRFToken': settings.csrf },
    body
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refused(response.status === 401 ? { message: settings.texts.sessionEnded } : answer);
  }
  return answer;
}

export class Refused extends Error {
  constructor(answer) {
    super(answer.message ?? answer.detail ?? '');
    this.findings = answer.findings;
  }
}

// Fetches a published diagram.
export async function fetchDiagram(url) {
  const response = await fetch(url, { headers: { Accept: 'application/xml' } });
  if (!response.ok) {
    throw new Error(String(response.status));
  }
  return response.text();
}
