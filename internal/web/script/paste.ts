// Clean paste: text areas marked data-paste take what Word, WPS or a web page puts on the clipboard as plain
// paragraphs. Numbering is kept as text, layout is dropped.

import { near } from "./dom";

const blocks = /^(P|DIV|H[1-6]|LI|UL|OL|TABLE|TR|BLOCKQUOTE|SECTION|ARTICLE|HEADER|FOOTER|PRE|DL|DT|DD|FIGURE|FIGCAPTION|CENTER|HR)$/;
const skipped = /^(STYLE|SCRIPT|HEAD|TITLE|META|LINK|XML|TEMPLATE|NOSCRIPT|SVG|OBJECT|IFRAME)$/;
const wrap = "\u0001"; // a line end in the HTML source, which means a space, or nothing between Chinese characters
const cjk = "[\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\u3000-\\u303f]";

/** Turns clipboard HTML into lines of plain text, one paragraph a line. */
export function fromHTML(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html"); // inert: nothing runs, nothing is fetched
  return clean(flow(page.body)
    .replace(new RegExp("(" + cjk + ")" + wrap + "+(?=" + cjk + ")", "g"), "$1")
    .replace(new RegExp(wrap + "+", "g"), " "))
    .replace(/\n{2,}/g, "\n");
}

/** Plain text without the spaces, breaks and invisible characters that word processors leave behind. */
export function clean(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029|\v|\f/g, "\n")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\u0000-\u0008\u000e-\u001f]/g, "")
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\t ]+/g, " ")
    .replace(/^[ \u3000]+|[ \u3000]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
}

function flow(node: Node): string {
  let out = "";
  let count = 0;
  node.childNodes.forEach((child) => {
    if (child.nodeType === Node.TEXT_NODE) out += (child.nodeValue || "").replace(/[ \t]*[\r\n]+[ \t]*/g, wrap);
    if (child.nodeType !== Node.ELEMENT_NODE) return;
    const element = child as HTMLElement;
    const name = element.tagName.toUpperCase();
    if (skipped.test(name)) return;
    if (name === "BR") out += "\n";
    else if (name === "TD" || name === "TH") out += (out.trim() ? "\u3000" : "") + flow(element).replace(/^\s+|\s+$/g, "").replace(/\n+/g, " ");
    else if (name === "LI") {
      if (!count) count = Number(node instanceof HTMLElement && node.getAttribute("start")) || 1;
      const mark = node.nodeName === "OL" ? count++ + ". " : "";
      out += "\n" + mark + flow(element).trim() + "\n";
    } else if (isWordMark(element)) out += wordMark(element);
    else out += blocks.test(name) ? "\n" + flow(element) + "\n" : flow(element);
  });
  return out;
}

// Word writes a list's number as text of a span marked mso-list:Ignore; bullets come as letters of a symbol font.
function isWordMark(element: HTMLElement): boolean {
  return /mso-list:\s*ignore/i.test(element.getAttribute("style") || "");
}

function wordMark(element: HTMLElement): string {
  const mark = (element.textContent || "").replace(/\s+/g, "");
  const symbol = /symbol|wingdings/i.test(element.outerHTML + (element.parentElement ? element.parentElement.getAttribute("style") || "" : ""));
  if (!mark) return "";
  if (symbol || /^[·•§ØüvnloqÞ\uf000-\uf0ff]$/.test(mark)) return "· ";
  return mark + (/[、．）)】]$/.test(mark) ? "" : " ");
}

/** Listens once for the whole page. */
export function listen(): void {
  document.addEventListener("paste", (event) => {
    const area = near<HTMLTextAreaElement>(event, "textarea[data-paste]");
    const board = event.clipboardData;
    if (!area || !board || area.readOnly || area.disabled) return;
    const html = board.getData("text/html");
    const text = (html && fromHTML(html)) || clean(board.getData("text/plain"));
    if (!text) return;
    event.preventDefault();
    // execCommand keeps the browser's undo; setRangeText is for browsers that dropped it.
    area.focus();
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
