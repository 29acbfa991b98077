package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"tongxin/bench/child"
	"tongxin/bench/load"
	"tongxin/bench/peer"
	"tongxin/bench/product"
)

// rival is the peer, running.
type rival struct {
	*child.Process
	address string
	user    string // id of its one user
	head    load.Head
	shape   product.Shape
	folder  string
}

// end stops the peer and throws its databases away.
func (r *rival) end() error { return errors.Join(r.Stop(), os.RemoveAll(r.folder)) }

// startPeer runs PocketBase with the proposals of a database of the product.
func (b *bench) startPeer(name string, of *running, flags ...string) (*rival, error) {
	folder := filepath.Join(b.folder, name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for the peer: %w", err)
	}
	p, err := child.Start(b.log, b.self, append([]string{"peer", "-folder", folder, "-from", of.Database}, flags...)...)
	if err != nil {
		return nil, err
	}
	found, err := p.Line(`^ready (\S+) (\S+)`, 3*time.Minute)
	if err != nil {
		return nil, err
	}
	r := &rival{Process: p, address: found[1], user: found[2], head: load.Head{Host: found[1]}, shape: of.shape, folder: folder}
	var in struct {
		Token string `json:"token"`
	}
	if err := r.ask("POST", "/api/collections/users/auth-with-password", map[string]string{"identity": peer.Login, "password": peer.Password}, &in); err != nil {
		return nil, err
	}
	r.head.Token = in.Token
	return r, nil
}

func (r *rival) ask(method, path string, in, out any) error {
	return ask(r.head, method, path, in, out)
}

// ask sends one request outside of any measurement.
func ask(h load.Head, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if in == nil {
		body = nil
	}
	q, err := http.NewRequest(method, "http://"+h.Host+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	q.Header.Set("Content-Type", "application/json")
	if h.Token != "" {
		q.Header.Set("Authorization", "Bearer "+h.Token)
	}
	client := http.Client{Timeout: time.Minute}
	a, err := client.Do(q)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if a.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: status %d %.500s", method, path, a.StatusCode, text)
	}
	if raw, ok := out.(*[]byte); ok {
		*raw = text
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
