// Reads what a person typed out of a form and puts it back.

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Fields the server put there for itself: they travel, but they are not what a person typed. */
function ours(name: string): boolean {
  return name === "" || name === "version" || name.startsWith("_");
}

/** The typed content as a query string, in the order of the page; files and the server's own fields left out. */
export function read(form: HTMLFormElement): string {
  const body = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && !ours(name)) body.append(name, value.replace(/\r\n/g, "\n"));
  });
  return body.toString();
}

/** Puts a content that read() gave back into the form. Repeated names are filled in order; addRow makes room for more of them. */
export function write(form: HTMLFormElement, content: string, addRow: (name: string) => boolean): void {
  const values = new Map<string, string[]>();
  new URLSearchParams(content).forEach((value, name) => values.set(name, [...(values.get(name) || []), value]));
  values.forEach((list, name) => {
    while (texts(form, name).length < list.length && !ticks(form, name) && addRow(name));
  });
  for (const control of controls(form)) {
    if (ours(control.name) || control.type === "file") continue;
    const list = values.get(control.name) || [];
    if (tickable(control)) control.checked = list.includes(control.value);
    else if (control instanceof HTMLSelectElement && control.multiple) {
      for (const option of Array.from(control.options)) option.selected = list.includes(option.value);
    } else control.value = list.shift() || "";
  }
}

function controls(form: HTMLFormElement): Control[] {
  return (Array.from(form.elements) as Control[]).filter((c) => c.name && !c.disabled && c.tagName !== "BUTTON" && c.type !== "submit" && c.tagName !== "FIELDSET");
}

function texts(form: HTMLFormElement, name: string): Control[] {
  return controls(form).filter((c) => c.name === name && !tickable(c));
}

function ticks(form: HTMLFormElement, name: string): boolean {
  return controls(form).some((c) => c.name === name && tickable(c));
}

function tickable(control: Control): control is HTMLInputElement {
  return control.type === "checkbox" || control.type === "radio";
}
