// Finds things on a page by the words a person reads. Called with the name of what is
// wanted, the places to look in, and the words; throws a sentence when there is nothing,
// or more than one thing, to be found.
(want, places, ...words) => {
  const stop = sentence => { throw new Error(sentence) }

  const tidy = text => (text || '').replace(/\s+/g, ' ').trim()

  // A label's words without the marks for "required" and the colon.
  const bare = text => tidy(text).replace(/^\*|\*$|[（(](必填|选填|required|optional)[）)]$/gi, '').replace(/[\s:：*]+$/, '').trim()

  const visible = element => {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false
    const box = element.getBoundingClientRect()
    return box.width > 0 && box.height > 0
  }

  const innermost = list => list.filter(one => !list.some(other => other !== one && one.contains(other)))

  const root = () => {
    let here = document.body
    for (const { css, text } of places || []) {
      const found = innermost([...here.querySelectorAll(css)].filter(one => visible(one) && tidy(one.innerText).includes(text)))
      if (found.length !== 1) stop(`${found.length} visible ${css} contain “${text}”`)
      here = found[0]
    }
    return here
  }

  // The best match wins: all of the words before their beginning before any part of them.
  const match = (list, name, wanted, kind) => {
    const tests = [
      one => name(one) === wanted,
      one => bare(name(one)) === wanted,
      one => name(one).startsWith(wanted),
      one => name(one).includes(wanted),
    ]
    for (const test of tests) {
      const found = [...new Set(list.filter(test))]
      if (found.length === 1) return found[0]
      const links = new Set(found.map(one => one.href || one))
      if (found.length > 1 && links.size === 1) return found[0]
      if (found.length > 1) stop(`${found.length} ${kind} read “${wanted}”; narrow down with Within`)
    }
    const seen = [...new Set(list.map(name))].filter(Boolean).slice(0, 40).join(' | ')
    stop(`no ${kind} reads “${wanted}”; there are: ${seen}`)
  }

  // What a field is called: its label without the field inside it, or its aria name.
  const ownWords = element => {
    const copy = element.cloneNode(true)
    copy.querySelectorAll('select, textarea, input, button, script, style, template').forEach(one => one.remove())
    return tidy(copy.textContent)
  }
  const fieldName = field => {
    const by = field.getAttribute('aria-labelledby')
    if (by) return tidy(by.split(/\s+/).map(id => document.getElementById(id)).filter(Boolean).map(ownWords).join(' '))
    if (field.getAttribute('aria-label')) return tidy(field.getAttribute('aria-label'))
    return tidy([...(field.labels || [])].map(ownWords).join(' '))
  }
  const isSwitch = field => field.matches('input[type=checkbox], input[type=radio]')
  // Boxes and file fields are often drawn by their label; the label must be seen then.
  const reachable = field => visible(field) || [...(field.labels || [])].some(visible)

  const fields = () => [...root().querySelectorAll('input:not([type=hidden]):not([type=submit]):not([type=button]), textarea, select, [contenteditable=true], [contenteditable=plaintext-only]')].filter(reachable)

  const usable = element => {
    if (element.disabled || element.getAttribute('aria-disabled') === 'true' || element.closest('fieldset:disabled')) stop('it is disabled')
    element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
    return element
  }

  const groupName = group => {
    const legend = group.querySelector(':scope > legend')
    return legend ? ownWords(legend) : fieldName(group)
  }

  const finders = {
    clickable: text => {
      const name = one => tidy(one.getAttribute('aria-label') || (one.matches('input') ? one.value : one.innerText))
      const css = 'a[href], button, summary, input[type=submit], input[type=button], [role=button], [role=link], [role=tab], [role=menuitem], [role=option], label'
      // The label of a text field is nothing to click; that of a box is.
      const idle = one => one.matches('label') && !one.control?.matches('[type=checkbox], [type=radio], [type=file]')
      return usable(match(innermost([...root().querySelectorAll(css)].filter(one => visible(one) && !idle(one))), name, text, 'links or buttons'))
    },
    field: label => usable(match(fields().filter(one => !isSwitch(one)), fieldName, label, 'fields')),
    switch: label => usable(match(fields().filter(isSwitch), fieldName, label, 'boxes')),
    option: (label, option) => {
      const select = fields().filter(one => one.matches('select'))
      const groups = [...root().querySelectorAll('fieldset, [role=radiogroup]')].filter(visible)
      const found = match([...select, ...groups], one => one.matches('select') ? fieldName(one) : groupName(one), label, 'choices')
      if (found.matches('select')) return usable(match([...found.options], one => tidy(one.label), option, 'options'))
      return usable(match([...found.querySelectorAll('input[type=radio], input[type=checkbox]')].filter(reachable), fieldName, option, 'options'))
    },
    text: () => tidy(root().innerText),
  }
  return finders[want](...words)
}
