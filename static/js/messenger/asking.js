// Requests of the islands: like htmx, with the sign-in page when the session has ended.

const PATIENCE = 20_000;

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function ask(url, body) {
  const response = await fetch(url, {
    method: body ? "POST" : "GET",
    body,
    headers: { "HX-Request": "true" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const elsewhere = response.headers.get("HX-Redirect");
  if (elsewhere) {
    location.assign(elsewhere);
    throw new Refused(401, "");
  }
  if (!response.ok) throw new Refused(response.status, await sentence(response));
  return response;
}

// The server's own words for people stand in the error fragment.
async function sentence(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector(".error-text")?.textContent.trim() ?? "";
}

// The page outlived its token: take the one of now, for all forms of the page.
export async function renewToken(page) {
  const answer = await ask(page);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("input[name=csrf_token]")?.value;
  if (!fresh) return;
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = fresh;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": fresh }));
}

export function csrfToken() {
  return document.querySelector("input[name=csrf_token]")?.value ?? "";
}
