package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

var pathParam = regexp.MustCompile(`\{([a-z_]+)\}`)

// describe writes an operation into the document.
func (k *Kit) describe(method, path string, open bool, name string, in, out reflect.Type) {
	registry := k.doc.Components.Schemas
	op := &huma.Operation{OperationID: name, Method: method, Path: path, Tags: []string{strings.SplitN(name, ".", 2)[0]},
		Responses: map[string]*huma.Response{
			"200":     {Description: "Done", Content: jsonOf("application/json", registry.Schema(out, true, name+"Out"))},
			"default": {Description: "Refused, with a sentence a person can act on", Content: jsonOf("application/problem+json", registry.Schema(reflect.TypeFor[Problem](), true, "Problem"))},
		}}
	if open {
		op.Security = []map[string][]string{}
	}
	inPath := map[string]bool{}
	for _, m := range pathParam.FindAllStringSubmatch(path, -1) {
		inPath[m[1]] = true
		op.Parameters = append(op.Parameters, &huma.Param{Name: m[1], In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	body := withoutPath(registry, in, inPath)
	if method == http.MethodGet {
		for _, p := range names(body) {
			op.Parameters = append(op.Parameters, &huma.Param{Name: p, In: "query", Schema: body.Properties[p]})
		}
	} else {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "A repetition with the same key has one effect and the same answer"})
		if len(body.Properties) > 0 {
			op.RequestBody = &huma.RequestBody{Content: jsonOf("application/json", body)}
		}
	}
	item := k.doc.Paths[path]
	if item == nil {
		item = &huma.PathItem{}
		k.doc.Paths[path] = item
	}
	if method == http.MethodGet {
		item.Get = op
	} else {
		item.Post = op
	}
}

func jsonOf(kind string, s *huma.Schema) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{kind: {Schema: s}}
}

// withoutPath is the schema of the input without the parts of the path.
func withoutPath(registry huma.Registry, in reflect.Type, inPath map[string]bool) *huma.Schema {
	whole := huma.SchemaFromType(registry, in)
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
	for name, p := range whole.Properties {
		if !inPath[name] {
			s.Properties[name] = p
		}
	}
	return s
}

func names(s *huma.Schema) []string {
	var list []string
	for n := range s.Properties {
		list = append(list, n)
	}
	sort.Strings(list) // a stable order keeps the frozen document stable
	return list
}

// Document is the OpenAPI document as indented JSON.
func (k *Kit) Document() ([]byte, error) {
	raw, err := json.Marshal(k.doc)
	if err != nil {
		return nil, err
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, err
	}
	return json.MarshalIndent(v, "", " ")
}

func (k *Kit) document(w http.ResponseWriter, r *http.Request) {
	b, err := k.Document()
	if err != nil {
		k.problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b)
}
