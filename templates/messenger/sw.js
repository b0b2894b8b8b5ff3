// The service worker: the page without a network, and push. It keeps nothing of anybody's: only
// the offline page and its looks.
const CACHE = "offline-{{ version }}";
const OFFLINE = "{{ url_for('pwa.offline') }}";
const FILES = {{ files | tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([OFFLINE, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (FILES.some((file) => request.url === new URL(file, location.origin).href)) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});

self.addEventListener("push", (event) => {
  event.waitUntil(tell(event.data?.json() ?? {}));
});

async function tell({ chat, title, call }) {
  const url = chat ? `/im/chats/${encodeURIComponent(chat)}` : "/im/";
  const windows = await self.clients.matchAll({ type: "window" });
  if (windows.some((page) => page.focused && new URL(page.url).pathname === url)) return;
  await self.registration.showNotification(title || {{ name | tojson }}, {
    body: call ? {{ calling | tojson }} : {{ body | tojson }},
    tag: chat,
    icon: "{{ url_for('static', filename='icons/app-192.png') }}",
    badge: "{{ url_for('static', filename='icons/app-192.png') }}",
    data: { url },
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

async function open(url) {
  const windows = await self.clients.matchAll({ type: "window" });
  const page = windows.find((one) => new URL(one.url).pathname.startsWith("/im/"));
  if (!page) return self.clients.openWindow(url);
  await page.focus();
  return page.navigate(url);
}
