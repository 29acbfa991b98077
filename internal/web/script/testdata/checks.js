// Checks of the bundled script in a real browser. The server (browser_test.go) plays the other side and takes the results.
"use strict";

const results = JSON.parse(sessionStorage.getItem("results") || "[]");
const stage = sessionStorage.getItem("stage") || "first";
const el = (id) => document.getElementById(id);
const say = (name, ok, got) => results.push({ name, ok: !!ok, got: String(got) });
const mode = (m) => fetch("/mode?m=" + m, { method: "POST" });
const saves = async () => (await fetch("/saves")).json();

async function until(what, limit = 8000) {
  const end = Date.now() + limit;
  for (;;) {
    const got = await what();
    if (got || Date.now() > end) return got;
    await new Promise((r) => setTimeout(r, 30));
  }
}

function type(id, text) {
  el(id).value = text;
  el(id).dispatchEvent(new Event("input", { bubbles: true }));
}

function paste(area, html, plain) {
  const board = new DataTransfer();
  if (html) board.setData("text/html", html);
  board.setData("text/plain", plain || "");
  area.focus();
  area.value = "";
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: board, bubbles: true, cancelable: true }));
  return area.value;
}

const state = () => document.querySelector("[data-autosave-state]").textContent;
const texts = () => Array.from(document.querySelectorAll("[name=item]"), (t) => t.value).join("|");

function kept() {
  return new Promise((resolve) => {
    const open = indexedDB.open("tongxin", 1);
    open.onsuccess = () => {
      const all = open.result.transaction("drafts").objectStore("drafts");
      const keys = all.getAllKeys();
      const values = all.getAll();
      values.onsuccess = () => resolve({ keys: keys.result, text: new TextDecoder().decode(Uint8Array.from(values.result.flatMap((v) => v.box || []))) });
    };
  });
}

async function typing() {
  type("title", "老旧小区𠮷");
  say("counter counts code points", el("count").textContent === "5/5", el("count").textContent);
  type("title", "老旧小区加装");
  say("counter tells what is over", el("count").classList.contains("over"), el("count").className);
  say("completeness of a field", el("c-title").classList.contains("done") && el("c-title").textContent.includes("done"), el("c-title").outerHTML);
  say("completeness sum", el("sum").textContent === "1/2", el("sum").textContent);
}

async function rowsWork() {
  say("row buttons appear with script", !el("add").hidden, el("add").outerHTML);
  el("add").click();
  el("add").click();
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  say("rows are added up to the limit", rows().length === 3 && el("add").disabled, rows().length);
  say("added ids differ", new Set(rows().map((r) => r.querySelector("textarea").id)).size === 3, rows().map((r) => r.innerHTML));
  rows().forEach((r, i) => (r.querySelector("textarea").value = "abc"[i]));
  rows()[2].querySelector("[data-row-up]").click();
  say("up moves a row", texts() === "a|c|b", texts());
  say("numbers follow", rows().map((r) => r.querySelector("[data-row-number]").textContent).join("") === "123", "");
  rows()[0].querySelector("[data-row-remove]").click();
  say("remove takes a row away", texts() === "c|b", texts());
  el("undo").click();
  say("undo brings it back in its place", texts() === "a|c|b", texts());
  say("completeness of a group", el("c-items").classList.contains("done"), el("c-items").className);
}

async function pasting() {
  const word = '<html><head><style>p{color:red}</style></head><body><!--StartFragment--><h1>一、现状</h1><p class=MsoNormal>我市老旧小区\n较多,<span style="color:red">居民</span>\nAlpha\nBeta<o:p></o:p></p>' +
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;&nbsp;</span></span></span><![endif]>第一条</p>" +
    "<p class=MsoListParagraph><span style='font-family:Wingdings'><span style='mso-list:Ignore'>Ø<span>&nbsp;</span></span></span>第二条</p><p>&nbsp;</p>" +
    "<ol start=3><li>三</li><li>四</li></ol><table><tr><td><p>甲</p></td><td><p>乙</p></td></tr></table><script>alert(1)</scr" + "ipt></body></html>";
  const got = paste(el("body"), word, "plain");
  const want = "一、现状\n我市老旧小区较多,居民 Alpha Beta\n1. 第一条\n· 第二条\n3. 三\n4. 四\n甲\u3000乙";
  say("Word becomes plain paragraphs with its numbers", got === want, JSON.stringify(got));
  const plain = paste(el("body"), "", "\u3000\u3000第一段\u00a0\u200b \r\n\r\n\r\n\r\n第二段\u2003x");
  say("plain text loses its odd spaces", plain === "第一段\n\n第二段 x", JSON.stringify(plain));
}

async function saving() {
  await mode("ok");
  type("title", "第一稿");
  const newest = async () => (await saves()).pop() || { body: "" };
  await until(async () => (await newest()).body.includes("title=" + encodeURIComponent("第一稿")) && state().startsWith("saved"));
  say("autosave tells that it saved, with the day when it is not today", /^saved 3\/1 \d\d:00$/.test(state()), state());
  const last = await newest();
  say("autosave sends the content and the version", last.body.includes("title=" + encodeURIComponent("第一稿")) && /version=\d/.test(last.body) && !last.body.includes("_key"), JSON.stringify(last));
  say("autosave names itself and carries a key", last.by === "autosave" && last.key.length === 32, JSON.stringify(last));
  const version = document.querySelector("[name=version]").value;
  say("the version follows the answer", version === String(last.answered), version);
  say("nothing stays in the browser after a save", await until(async () => (await kept()).keys.length === 0), JSON.stringify((await kept()).keys));
}

async function failing() {
  await mode("signedout");
  type("title", "登录已失效");
  await until(() => state() === "signed out");
  say("a lost sign-in is told, with the way back", state() === "signed out" && !document.querySelector("[data-autosave-show]").hidden, state());
  await mode("down");
  type("title", "未上传的稿");
  el("no").checked = true;
  await until(() => state() === "offline kept");
  say("an unreachable server is told", state() === "offline kept", state());
  const before = await saves();
  window.dispatchEvent(new Event("online"));
  const after = await until(async () => { const l = await saves(); return l.length > before.length && l; });
  say("the retry carries the same key", after && after[after.length - 1].key === before[before.length - 1].key, JSON.stringify([before.slice(-1), after && after.slice(-1)]));
  const copy = await until(async () => { const k = await kept(); return k.keys.length === 1 && k; });
  say("the browser keeps a sealed copy", copy && copy.keys[0] === "p1:d1" && !copy.text.includes("title"), JSON.stringify(copy));
}

async function restoring() {
  const bar = await until(() => document.querySelector("[data-restore]"));
  say("what was not uploaded is offered again", bar && /^typed at \d\d:\d\d/.test(bar.textContent), bar && bar.textContent);
  if (!bar) return;
  await mode("ok");
  bar.querySelector("button").click();
  say("restoring fills text, choices and rows", el("title").value === "未上传的稿" && el("no").checked && texts() === "a|c|b", [el("title").value, el("no").checked, texts()]);
  await until(() => state().startsWith("saved"));
  say("restored content is saved and the copies go", await until(async () => (await kept()).keys.length === 0), JSON.stringify((await kept()).keys));
}

async function conflicting() {
  await mode("conflict");
  type("title", "两台设备");
  await until(() => state() === "newer elsewhere");
  const before = (await saves()).length;
  type("title", "两台设备二");
  el("title").dispatchEvent(new Event("focusout", { bubbles: true }));
  say("a newer version elsewhere stops the saving", state() === "newer elsewhere" && (await saves()).length === before, state());
  say("and keeps the copy", await until(async () => (await kept()).keys.length > 0), "");
  const done = document.createElement("p");
  done.dataset.draftDone = "d1";
  document.body.append(done);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: done } }));
  say("a draft reported as handed in leaves no copy", await until(async () => (await kept()).keys.length === 0), JSON.stringify((await kept()).keys));
}

async function submitting() {
  const send = el("send");
  send.click();
  send.click();
  await until(() => send.disabled);
  say("the button is held after the first press", send.disabled, send.outerHTML);
  const count = await until(async () => Number(await (await fetch("/submits")).text()));
  say("a double click submits once, with the button's value", count === 1, count);
}

async function comforts() {
  const all = el("all");
  say("select-all appears with script", !all.hidden && !all.closest("label").hidden, all.outerHTML);
  all.click();
  say("select-all ticks what may be ticked and counts", el("picked").textContent === "2 picked", el("picked").textContent);
  document.querySelector("[name=id]").click();
  say("a single box corrects the count", el("picked").textContent === "1 picked" && all.indeterminate, el("picked").textContent);
  el("to-inside").click();
  await until(() => document.activeElement === el("inside"));
  say("a link opens the panel and focuses the field", el("panel").open && document.activeElement === el("inside"), document.activeElement.id);
  el("menu").open = true;
  document.body.click();
  say("a click elsewhere closes the menu", !el("menu").open, "");
  el("elder").querySelector("button").click();
  say("large type comes at once", document.documentElement.classList.contains("elder") && el("elder").textContent.trim() === "normal", el("elder").innerHTML);
  const job = await until(() => document.querySelector("#job[data-done]"), 12000);
  say("progress is watched to its end", job && job.textContent === "ready", el("job").outerHTML);
}

async function run() {
  if (stage === "first") {
    for (const part of [typing, rowsWork, pasting, saving, failing]) await part();
    sessionStorage.setItem("results", JSON.stringify(results));
    sessionStorage.setItem("stage", "second");
    return location.reload();
  }
  for (const part of [restoring, conflicting, submitting, comforts]) await part();
  await fetch("/results", { method: "POST", body: JSON.stringify(results) });
}

run().catch((e) => {
  say("the checks ran through", false, e.stack);
  fetch("/results", { method: "POST", body: JSON.stringify(results) });
});
