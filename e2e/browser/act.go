package browser

import (
	_ "embed" // find.js
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"
)

//go:embed find.js
var findJS string

// Click clicks, or taps, the link or button with these words.
func (p *Page) Click(text string) {
	p.t.Helper()
	what := fmt.Sprintf("click %q", text)
	p.until(what, func(tab *rod.Page) error {
		element, err := p.find(tab, "clickable", text)
		if err != nil {
			return err
		}
		return p.hit(element)
	})
	p.settle(what)
}

// ClickTwice clicks, or taps, twice in a row, as impatient people do.
func (p *Page) ClickTwice(text string) {
	p.t.Helper()
	what := fmt.Sprintf("click %q twice", text)
	p.until(what, func(tab *rod.Page) error {
		element, err := p.find(tab, "clickable", text)
		if err != nil {
			return err
		}
		at, err := middle(element)
		if err != nil {
			return err
		}
		if err := p.strike(tab, at); err != nil {
			return err
		}
		return p.strike(tab, at)
	})
	p.settle(what)
}

// Fill writes into the field with this label, in place of what is there. Dates are given
// as the field keeps them: 2026-03-31.
func (p *Page) Fill(label, value string) {
	p.t.Helper()
	what := fmt.Sprintf("fill %q", label)
	p.until(what, func(tab *rod.Page) error {
		field, err := p.find(tab, "field", label)
		if err != nil {
			return err
		}
		return p.write(field, value)
	})
	p.settle(what)
}

// Choose takes one option of a drop-down list, or of a group of boxes with this heading.
func (p *Page) Choose(label, option string) {
	p.t.Helper()
	what := fmt.Sprintf("choose %q for %q", option, label)
	p.until(what, func(tab *rod.Page) error {
		found, err := p.find(tab, "option", label, option)
		if err != nil {
			return err
		}
		isOption, err := found.Eval(`() => this.matches('option')`)
		if err != nil {
			return err
		}
		if isOption.Value.Bool() {
			return take(found)
		}
		return p.turn(found, true)
	})
	p.settle(what)
}

// Tick ticks the box with this label, or picks the round one; ticked already, it stays.
func (p *Page) Tick(label string) {
	p.t.Helper()
	p.setBox(label, true)
}

// Untick takes the tick away.
func (p *Page) Untick(label string) {
	p.t.Helper()
	p.setBox(label, false)
}

// Attach hands files to the upload field with this label.
func (p *Page) Attach(label string, files ...string) {
	p.t.Helper()
	what := fmt.Sprintf("attach to %q", label)
	paths := make([]string, len(files))
	for i, file := range files {
		path, err := filepath.Abs(file)
		if err != nil {
			p.fail("%s: %v", what, err)
		}
		paths[i] = path
	}
	p.until(what, func(tab *rod.Page) error {
		field, err := p.find(tab, "field", label)
		if err != nil {
			return err
		}
		return field.SetFiles(paths)
	})
	p.settle(what)
}

// Press presses a key in the field that has the focus: input.Enter, input.Escape …
func (p *Page) Press(key input.Key) {
	p.t.Helper()
	p.step(func(tab *rod.Page) error { return tab.Keyboard.Type(key) }, "press a key")
}

// Paste pastes formatted text, as from a word processor, into the field with this label.
func (p *Page) Paste(label, html, plain string) {
	p.t.Helper()
	what := fmt.Sprintf("paste into %q", label)
	p.until(what, func(tab *rod.Page) error {
		field, err := p.find(tab, "field", label)
		if err != nil {
			return err
		}
		_, err = field.Eval(`(html, plain) => {
			this.focus()
			const clipboard = new DataTransfer()
			clipboard.setData('text/html', html)
			clipboard.setData('text/plain', plain)
			const event = new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true })
			if (this.dispatchEvent(event)) document.execCommand('insertText', false, plain)
		}`, html, plain)
		return err
	})
	p.settle(what)
}

// find runs find.js and answers the element.
func (p *Page) find(tab *rod.Page, want string, words ...string) (*rod.Element, error) {
	args := []any{want, p.scope}
	for _, word := range words {
		args = append(args, word)
	}
	// until repeats the search; rod is not to wait as well.
	element, err := tab.Sleeper(rod.NotFoundSleeper).ElementByJS(rod.Eval(findJS, args...))
	return element, plain(err)
}

// hit uses the mouse or the finger. Something lying over the element is waited for, and
// then reported.
func (p *Page) hit(element *rod.Element) error {
	if p.visitor.NoScript { // rod's own way asks the page's script to wait
		at, err := middle(element)
		if err != nil {
			return err
		}
		return p.strike(element.Page(), at)
	}
	if p.visitor.Screen.Touch {
		return element.Tap()
	}
	return element.Click(proto.InputMouseButtonLeft, 1)
}

// middle is the point at which an element is hit; find has brought it into view.
func middle(element *rod.Element) (proto.Point, error) {
	shape, err := element.Shape()
	if err != nil {
		return proto.Point{}, err
	}
	at := shape.OnePointInside()
	if at == nil {
		return proto.Point{}, errors.New("it has no shape")
	}
	return *at, nil
}

// strike clicks or taps a point without waiting for anything. It speaks to the browser
// itself: rod's finger waits for a script, and longer than patience allows.
func (p *Page) strike(tab *rod.Page, at proto.Point) error {
	down, up := mouse(at, proto.InputDispatchMouseEventTypeMousePressed), mouse(at, proto.InputDispatchMouseEventTypeMouseReleased)
	if p.visitor.Screen.Touch {
		down = proto.InputDispatchTouchEvent{
			Type: proto.InputDispatchTouchEventTypeTouchStart, TouchPoints: []*proto.InputTouchPoint{{X: at.X, Y: at.Y}},
		}
		up = proto.InputDispatchTouchEvent{
			Type: proto.InputDispatchTouchEventTypeTouchEnd, TouchPoints: []*proto.InputTouchPoint{},
		}
	}
	if err := down.Call(tab); err != nil {
		return err
	}
	return up.Call(tab)
}

// event is something the browser can be told to feel.
type event interface{ Call(proto.Client) error }

func mouse(at proto.Point, what proto.InputDispatchMouseEventType) event {
	return proto.InputDispatchMouseEvent{Type: what, X: at.X, Y: at.Y, Button: proto.InputMouseButtonLeft, ClickCount: 1}
}

func (p *Page) setBox(label string, ticked bool) {
	p.t.Helper()
	what := fmt.Sprintf("set the box %q to %t", label, ticked)
	p.until(what, func(tab *rod.Page) error {
		box, err := p.find(tab, "switch", label)
		if err != nil {
			return err
		}
		return p.turn(box, ticked)
	})
	p.settle(what)
}

// turn clicks a box until it is as wanted; a box drawn by its label is clicked there.
func (p *Page) turn(box *rod.Element, ticked bool) error {
	isTicked := func() (bool, error) {
		state, err := box.Property("checked")
		return state.Bool(), err
	}
	now, err := isTicked()
	if err != nil || now == ticked {
		return err
	}
	target := box
	label, err := box.Page().Sleeper(rod.NotFoundSleeper).ElementByJS(rod.Eval(`() => {
		const box = this.getBoundingClientRect()
		return box.width < 8 || getComputedStyle(this).opacity === '0' ? this.labels[0] : this
	}`).This(box.Object))
	if err == nil {
		target = label
	}
	if err := p.hit(target); err != nil {
		return err
	}
	now, err = isTicked()
	if err == nil && now != ticked {
		return errors.New("the click did not change it")
	}
	return err
}

// take picks one option of a list and tells the page so.
func take(option *rod.Element) error {
	_, err := option.Eval(`() => {
		const list = this.closest('select')
		if (this.selected && !list.multiple) return
		list.focus()
		this.selected = true
		list.dispatchEvent(new Event('input', { bubbles: true }))
		list.dispatchEvent(new Event('change', { bubbles: true }))
	}`)
	return err
}

// write types a value where a person would type, and sets it where the browser shows a
// picker of its own.
func (p *Page) write(field *rod.Element, value string) error {
	typed, err := field.Eval(`() => this.isContentEditable ||
		this.matches('textarea, input:not([type]), input[type=text], input[type=search], input[type=tel], ' +
			'input[type=email], input[type=url], input[type=password], input[type=number]')`)
	if err != nil {
		return err
	}
	if !typed.Value.Bool() || value == "" {
		return set(field, value)
	}
	if err := selectAll(field); err != nil {
		return err
	}
	if p.visitor.NoScript {
		err = proto.InputInsertText{Text: value}.Call(field.Page())
	} else {
		err = field.Input(value)
	}
	if err != nil {
		return err
	}
	return confirm(field, value)
}

func selectAll(field *rod.Element) error {
	_, err := field.Eval(`() => {
		this.focus()
		if (this.isContentEditable) getSelection().selectAllChildren(this)
		else this.select()
	}`)
	return err
}

// set gives a field its value past the keyboard, with the events typing would cause.
func set(field *rod.Element, value string) error {
	_, err := field.Eval(`value => {
		this.focus()
		if (this.isContentEditable) this.textContent = value
		else this.value = value
		this.dispatchEvent(new Event('input', { bubbles: true }))
		this.dispatchEvent(new Event('change', { bubbles: true }))
	}`, value)
	if err != nil {
		return err
	}
	return confirm(field, value)
}

// confirm makes sure that the field took the value: a length limit or a script may differ.
func confirm(field *rod.Element, value string) error {
	got, err := field.Eval(`() => this.isContentEditable ? null : this.value`)
	if err != nil {
		return err
	}
	if !got.Value.Nil() && got.Value.Str() != value {
		return fmt.Errorf("it holds %q instead of %q", got.Value.Str(), value)
	}
	return nil
}

// plain answers the sentence that find.js stopped with, without the wrapping around it.
func plain(err error) error {
	var thrown *rod.EvalError
	if errors.As(err, &thrown) && thrown.Exception != nil {
		sentence, _, _ := strings.Cut(thrown.Exception.Description, "\n    at ")
		return errors.New(strings.TrimPrefix(sentence, "Error: "))
	}
	return err
}
