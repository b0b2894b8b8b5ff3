// Photos of the chat, large: arrows and swipe to go on, double tap, wheel or pinch to come closer.
const CLOSEST = 5;
let photos = [];
let index = 0;
let scale = 1;
let shift = { x: 0, y: 0 };
const touches = new Map();
let gesture;

const box = () => document.querySelector("[data-viewer]");
const image = () => box().querySelector("[data-viewer-image]");

export function openViewer(photo) {
  photos = [...photo.closest("[data-history], [data-shelf]").querySelectorAll("[data-photo]")];
  mount();
  show(photos.indexOf(photo));
  box().showModal();
}

function show(number) {
  if (number < 0 || number >= photos.length) return;
  index = number;
  const photo = photos[index];
  const small = photo.querySelector("img");
  reset();
  box().querySelector(".viewer-counter").textContent = `${index + 1} / ${photos.length}`;
  box().querySelector(".viewer-save").href = `${photo.href}?save=1`;
  box().querySelector("[data-viewer-back]").disabled = index === 0;
  box().querySelector("[data-viewer-next]").disabled = index === photos.length - 1;
  const picture = image();
  picture.alt = photo.getAttribute("aria-label");
  picture.src = small.currentSrc || small.src; // at once, blurred; the large one follows
  const large = Object.assign(new Image(), { src: photo.href });
  large.decode().then(() => {
    if (photos[index] === photo) picture.src = large.src;
  }).catch(() => {});
  for (const near of [photos[index - 1], photos[index + 1]]) if (near) new Image().src = near.href;
}

function reset() {
  scale = 1;
  shift = { x: 0, y: 0 };
  place();
}

function place() {
  image().style.transform = `translate(${shift.x}px, ${shift.y}px) scale(${scale})`;
  box().toggleAttribute("data-close", scale > 1);
}

function zoom(to, at = { x: innerWidth / 2, y: innerHeight / 2 }) {
  const next = Math.min(CLOSEST, Math.max(1, to));
  const part = next / scale;
  const centre = { x: innerWidth / 2, y: innerHeight / 2 };
  shift = {
    x: (at.x - centre.x) * (1 - part) + shift.x * part,
    y: (at.y - centre.y) * (1 - part) + shift.y * part,
  };
  scale = next;
  if (scale === 1) shift = { x: 0, y: 0 };
  place();
}

function mount() {
  const viewer = box();
  if (viewer.dataset.ready) return;
  viewer.dataset.ready = "yes";
  viewer.addEventListener("click", (event) => {
    if (event.target.closest("[data-viewer-back]")) show(index - 1);
    else if (event.target.closest("[data-viewer-next]")) show(index + 1);
    else if (event.target.closest("[data-viewer-close]")) viewer.close();
  });
  viewer.addEventListener("keydown", keyed);
  viewer.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2), { x: event.clientX, y: event.clientY });
  }, { passive: false });
  const stage = viewer.querySelector("[data-viewer-stage]");
  stage.addEventListener("dblclick", (event) => zoom(scale > 1 ? 1 : 2.5, { x: event.clientX, y: event.clientY }));
  stage.addEventListener("pointerdown", touched);
  stage.addEventListener("pointermove", moved);
  for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, lifted);
}

function keyed(event) {
  const keys = {
    ArrowLeft: () => show(index - 1),
    ArrowRight: () => show(index + 1),
    Home: () => show(0),
    End: () => show(photos.length - 1),
    "+": () => zoom(scale * 1.5),
    "=": () => zoom(scale * 1.5),
    "-": () => zoom(scale / 1.5),
    0: reset,
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}

const apart = ([one, two]) => Math.hypot(one.x - two.x, one.y - two.y);
const middle = ([one, two]) => ({ x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 });

function touched(event) {
  event.currentTarget.setPointerCapture(event.pointerId);
  touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
  gesture = { start: { x: event.clientX, y: event.clientY }, shift: { ...shift }, pinched: touches.size > 1, target: event.target };
}

function moved(event) {
  if (!touches.has(event.pointerId)) return;
  const before = touches.size === 2 && apart([...touches.values()]);
  touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
  if (before) {
    zoom(scale * (apart([...touches.values()]) / before), middle([...touches.values()]));
  } else if (scale > 1 && !gesture.pinched) {
    shift = { x: gesture.shift.x + event.clientX - gesture.start.x, y: gesture.shift.y + event.clientY - gesture.start.y };
    place();
  }
}

function lifted(event) {
  touches.delete(event.pointerId);
  if (touches.size || scale > 1 || gesture?.pinched) return;
  const [x, y] = [event.clientX - gesture.start.x, event.clientY - gesture.start.y];
  if (Math.abs(x) > 60 && Math.abs(x) > Math.abs(y)) show(index + (x < 0 ? 1 : -1));
  else if (y > 90) box().close();
  else if (Math.hypot(x, y) < 6 && gesture.target.matches("[data-viewer-stage]")) box().close();
}
