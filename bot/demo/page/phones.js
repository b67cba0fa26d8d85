// Draws what the three phones show, and sends back what their people do. No library, nothing from elsewhere.
"use strict";

const phones = new Map(); // phone id -> its parts of the page
const line = document.getElementById("line");
let socket;

function make(name, content = {}, ...children) {
  const element = document.createElement(name);
  Object.assign(element, content);
  element.append(...children);
  return element;
}

function act(phone, what) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ phone, ...what }));
}

function connect() {
  socket = new WebSocket(`ws://${location.host}/live`);
  socket.onopen = () => { line.textContent = "Connected"; line.classList.remove("lost"); };
  socket.onmessage = ({ data }) => {
    const said = JSON.parse(data);
    if (said.phones) said.phones.forEach(draw);
    if (said.toast) say(said);
  };
  socket.onclose = () => {
    line.textContent = "The demo has ended. Start it again with: make demo";
    line.classList.add("lost");
    setTimeout(connect, 1500);
  };
}

// --- a phone ---

function phoneOf(shown) {
  if (phones.has(shown.id)) return phones.get(shown.id);
  const root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
  const part = (name) => root.querySelector(name);
  const tab = make("button", { type: "button", textContent: shown.name.split(" ")[0] });
  tab.setAttribute("role", "tab");
  const phone = { root, tab, chat: part(".chat"), toast: part(".toast"), messages: new Map(), drawn: false };
  root.dataset.place = phones.size;
  root.dataset.phone = shown.id;
  root.setAttribute("aria-label", shown.name);
  part(".face").textContent = shown.name[0];
  part(".name").textContent = shown.name;
  part(".about").textContent = shown.about;
  phone.chat.lang = shown.lang;
  const box = part("textarea"), form = part("form");
  const send = () => { if (box.value.trim()) act(shown.id, { say: box.value }); box.value = ""; grow(); };
  const grow = () => { box.style.height = "auto"; box.style.height = `${box.scrollHeight + 2}px`; };
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
  part(".start").addEventListener("click", () => act(shown.id, { say: "/start" }));
  part(".menu").addEventListener("click", () => openMenu(phone, part(".commands").hidden));
  tab.addEventListener("click", () => choose(shown.id));
  document.querySelector(".tabs").append(tab);
  document.querySelector(".phones").append(root);
  phones.set(shown.id, phone);
  if (phones.size === 1) choose(shown.id);
  return phone;
}

function choose(id) {
  for (const [each, phone] of phones) {
    phone.root.classList.toggle("chosen", each === id);
    phone.tab.setAttribute("aria-selected", String(each === id));
    if (each === id) phone.tab.classList.remove("news");
  }
}

function openMenu(phone, open) {
  phone.root.querySelector(".commands").hidden = !open;
  phone.root.querySelector(".menu").setAttribute("aria-expanded", String(open));
}

function draw(shown) {
  const phone = phoneOf(shown);
  const there = new Set(shown.messages.map((message) => message.id));
  for (const [id, kept] of phone.messages) {
    if (there.has(id)) continue;
    phone.messages.delete(id);
    kept.element.classList.add("going");
    setTimeout(() => kept.element.remove(), 180);
  }
  let news = false, rings = false;
  for (const message of shown.messages) {
    const version = JSON.stringify(message);
    const kept = phone.messages.get(message.id);
    if (kept && kept.version === version) continue;
    const element = drawMessage(shown.id, message);
    if (kept) { kept.element.replaceWith(element); element.style.animation = "none"; }
    else { phone.chat.append(element); rings ||= phone.drawn && !message.mine && !message.silent; }
    phone.messages.set(message.id, { element, version });
    news = true;
  }
  if (news) phone.chat.scrollTop = phone.chat.scrollHeight;
  if (rings && shown.menu.length === 0) ring(phone);
  if (rings && !phone.root.classList.contains("chosen")) phone.tab.classList.add("news");
  phone.root.querySelector(".start").hidden = shown.messages.length > 0 || shown.menu.length === 0;
  phone.root.querySelector(".menu").hidden = shown.menu.length === 0;
  const commands = shown.menu.map((one) => {
    const button = make("button", { type: "button" }, `/${one.command}`, make("span", { textContent: one.description }));
    button.addEventListener("click", () => { openMenu(phone, false); act(shown.id, { say: `/${one.command}` }); });
    return make("li", {}, button);
  });
  phone.root.querySelector(".commands").replaceChildren(...commands);
  phone.drawn = true;
}

function ring(phone) {
  phone.root.classList.remove("ringing");
  void phone.root.offsetWidth; // begins the animation anew
  phone.root.classList.add("ringing");
  setTimeout(() => phone.root.classList.remove("ringing"), 1100);
}

// --- a message ---

const TAGS = { bold: "b", italic: "i", code: "code" };

function drawMessage(phone, message) {
  const bubble = make("div", { className: "bubble" });
  if (message.document) bubble.append(drawFile(phone, message));
  bubble.append(drawText(message));
  const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  bubble.append(make("span", { className: "stamp", textContent: message.edits ? `edited ${time}` : time }));
  const element = make("li", { className: message.mine ? "message mine" : "message" }, bubble);
  element.dataset.message = message.id;
  if (message.rows.length) {
    element.append(make("div", { className: "keys" }, ...message.rows.map((row) => {
      return make("div", {}, ...row.map((key) => {
        const button = make("button", { type: "button", textContent: key.text, className: key.style ?? "" });
        button.addEventListener("click", () => {
          button.classList.add("pressed");
          act(phone, { press: key.data, message: message.id });
        });
        return button;
      }));
    })));
  }
  if (message.sends.length) {
    element.append(make("div", { className: "keys" }, make("div", {}, ...message.sends.map(([label, what]) => {
      const button = make("button", { type: "button", textContent: label });
      button.addEventListener("click", () => act(phone, { send: what }));
      return button;
    }))));
  }
  return element;
}

function drawText(message) {
  const text = make("div", { className: "text" });
  let at = 0;
  for (const [look, offset, length] of message.looks) {
    text.append(message.text.slice(at, offset), drawLook(look, message.text.slice(offset, offset + length)));
    at = offset + length;
  }
  text.append(message.text.slice(at));
  return text;
}

function drawLook(look, part) {
  if (look !== "expandable_blockquote") return make(TAGS[look] ?? "span", { textContent: part });
  const quote = make("blockquote", { textContent: part, className: "folded" });
  quote.addEventListener("click", () => quote.classList.toggle("folded"));
  return quote;
}

function drawFile(phone, message) {
  const { name, size, key } = message.document;
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 2a5 5 0 0 0-5 5v3H5v12h14V10h-2V7a5 5 0 0 0-5-5zm-3 8V7a3 3 0 0 1 6 0v3z");
  icon.append(path);
  const kilobytes = `${Math.max(1, Math.round(size / 1024))} kB, sealed`;
  const file = make("div", { className: "file" });
  file.append(icon, make("strong", { textContent: name }), make("small", { textContent: kilobytes }));
  const open = make("button", { type: "button", textContent: `Open with ${key}’s key` });
  open.addEventListener("click", () => openCase(phone, message.id));
  const download = make("a", { href: `/document/${phone}/${message.id}`, textContent: "Download", download: name });
  const ways = make("div", { className: "file-ways" }, download, ...(key ? [open] : []));
  return make("div", {}, file, ways);
}

async function openCase(phone, message) {
  const dialog = document.getElementById("opened");
  const [command, text] = [dialog.querySelector("code"), dialog.querySelector("pre")];
  command.textContent = "";
  text.textContent = "Opening…";
  dialog.querySelector("a").href = `/opened/${phone}/${message}`;
  dialog.showModal();
  const answer = await fetch(`/open/${phone}/${message}`, { method: "POST" });
  const opened = answer.ok ? await answer.json() : { command: "", text: "This file is gone." };
  command.textContent = opened.command;
  text.textContent = opened.text;
}

function say({ toast, alert, phone }) {
  if (alert) {
    const dialog = document.getElementById("alert");
    dialog.querySelector("p").textContent = toast;
    dialog.showModal();
    return;
  }
  const place = phones.get(phone).toast;
  place.textContent = toast;
  place.hidden = false;
  clearTimeout(place.timer);
  place.timer = setTimeout(() => { place.hidden = true; }, 3500);
}

connect();
