// People as tiles and as a list. Elements are kept by key: a playing picture is never made anew.
import { word } from "./words.js";

const stage = document.querySelector("[data-stage]");
const list = document.querySelector("[data-people-list]");
const template = (name) => document.querySelector(`[data-${name}-template]`).content.firstElementChild;
const letters = (name) => {
  const parts = name.split(" ").filter(Boolean);
  return (parts.length > 1 ? parts[0][0] + parts.at(-1)[0] : parts[0]?.[0] ?? "?").toUpperCase();
};

// `streamsOf(person)` gives {mic, camera, screen}: streams, or null where there is none to show.
export function draw(people, me, streamsOf) {
  const wanted = people.flatMap((person) => [
    { id: `${person.key}.camera`, person, line: "camera" },
    ...(person.screen ? [{ id: `${person.key}.screen`, person, line: "screen" }] : []),
  ]);
  // What is shown first, then the others; oneself is the last one to look at.
  const rank = ({ person, line }) => (line === "screen" ? 0 : person.key === me ? 2 : 1);
  wanted.sort((one, other) => rank(one) - rank(other));
  sync(stage, wanted, "tile", (tile, { person, line }) => fill(tile, person, line, person.key === me, streamsOf(person)));
  stage.dataset.count = wanted.length;
  stage.toggleAttribute("data-has-screen", wanted.some(({ line }) => line === "screen"));
  sync(list, people.map((person) => ({ id: person.key, person })), "person", (row, { person }) => fillRow(row, person, person.key === me));
}

function sync(root, wanted, name, fillIn) {
  const known = new Map([...root.children].map((child) => [child.dataset.key, child]));
  wanted.forEach((one, place) => {
    const element = known.get(one.id) ?? template(name).cloneNode(true);
    known.delete(one.id);
    element.dataset.key = one.id;
    fillIn(element, one);
    if (root.children[place] !== element) root.insertBefore(element, root.children[place] ?? null);
  });
  for (const gone of known.values()) gone.remove();
}

function fill(tile, person, line, isMe, streams) {
  const isCamera = line === "camera";
  const video = tile.querySelector("video");
  show(video, person[line] ? streams?.[line] : null);
  show(tile.querySelector("audio"), isCamera && !isMe ? streams?.mic : null);
  tile.dataset.person = person.key;
  tile.dataset.line = line;
  tile.toggleAttribute("data-me", isMe);
  tile.toggleAttribute("data-picture", Boolean(person[line] && streams?.[line]));
  tile.toggleAttribute("data-silent", !person.mic && isCamera);
  tile.toggleAttribute("data-hand", person.hand && isCamera);
  tile.toggleAttribute("data-away", person.away);
  const name = isMe ? word("you", { NAME: person.name }) : person.name;
  setText(tile.querySelector(".tile-words"), isCamera ? name : word("screen-of", { NAME: person.name }));
  face(tile.querySelector(".avatar"), person);
}

function fillRow(row, person, isMe) {
  setText(row.querySelector(".person-name"), isMe ? word("you", { NAME: person.name }) : person.name);
  face(row.querySelector(".avatar"), person);
  const marks = { ...person, silent: !person.mic };
  for (const mark of row.querySelectorAll("[data-mark]")) mark.hidden = !marks[mark.dataset.mark];
}

function face(avatar, person) {
  avatar.dataset.tone = person.tone;
  setText(avatar, letters(person.name));
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function show(media, stream) {
  if (media.srcObject === (stream ?? null)) return;
  media.srcObject = stream ?? null;
  if (stream) media.play().catch(() => {}); // begins by itself once there is something to play
}

// Who speaks now has a frame around.
export function light(speaks) {
  for (const tile of stage.children) {
    tile.toggleAttribute("data-speaks", tile.dataset.line === "camera" && !tile.hasAttribute("data-silent") && speaks(tile.dataset.person));
  }
}
