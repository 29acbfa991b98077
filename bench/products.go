package main

import (
	"errors"
	"os"

	"tongxin/bench/child"
	"tongxin/bench/load"
	"tongxin/bench/product"
	"tongxin/bench/report"
)

// running is the product, running.
type running struct {
	*child.Process
	product.Installation
	address   string
	proposals int // in its database
	shape     product.Shape
	office    load.Head // somebody of the proposal office
	members   []string  // tokens of members
	folder    string
}

// end stops the product and throws its database away.
func (p *running) end() error { return errors.Join(p.Stop(), os.RemoveAll(p.folder)) }

// several is how many members hand in proposals by turns.
const several = 8

// startProduct runs the product on a copy of the demo city, multiplied to a size.
func (b *bench) startProduct(name string, size product.Size) (*running, error) {
	return b.startWith(name, size, func(product.Installation) error { return nil })
}

// startWith is startProduct on a database to which something was done before.
func (b *bench) startWith(name string, size product.Size, before func(product.Installation) error) (*running, error) {
	i, n, err := b.city.Copy(b.ctx, b.fileOf(name), size)
	if err != nil {
		return nil, err
	}
	if err := before(i); err != nil {
		return nil, err
	}
	p := &running{Installation: i, proposals: n, folder: b.fileOf(name)}
	if p.shape, err = product.Look(b.ctx, i.Database); err != nil {
		return nil, err
	}
	office, err := i.Tokens(b.ctx, "office", 1)
	if err != nil {
		return nil, err
	}
	if p.members, err = i.Tokens(b.ctx, "member", several); err != nil {
		return nil, err
	}
	if p.Process, p.address, err = i.Serve(b.log); err != nil {
		return nil, err
	}
	p.office = load.Head{Host: p.address, Token: office[0], Accept: "text/html"}
	b.tell("  %s proposals ready", report.Count(n))
	return p, nil
}
