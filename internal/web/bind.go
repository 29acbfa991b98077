package web

import (
	"encoding"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"tongxin/internal/fault"
)

// Bind fills the input struct in from a form and the path, by json names: text,
// numbers, booleans (present and not "0" or "false"), lists of text (a field
// several times, or one text with commas is not split), types that read text,
// and lists of structs named rows.0.field. Fields that In does not have are
// ignored; nothing else can be set (trust.md ACC-06).
func Bind(form url.Values, path func(string) string, in any) error {
	var p fault.Problems
	bindStruct(reflect.ValueOf(in).Elem(), "", form, path, &p)
	return p.Err()
}

func bindStruct(v reflect.Value, prefix string, form url.Values, path func(string) string, p *fault.Problems) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			bindStruct(v.Field(i), prefix, form, path, p)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "" || name == "-" {
			continue
		}
		if prefix == "" && path != nil {
			if x := path(name); x != "" {
				setText(v.Field(i), name, x, p)
				continue
			}
		}
		bindField(v.Field(i), prefix+name, form, path, p)
	}
}

func bindField(v reflect.Value, name string, form url.Values, path func(string) string, p *fault.Problems) {
	if _, ok := v.Addr().Interface().(encoding.TextUnmarshaler); !ok {
		switch {
		case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
			bindRows(v, name, form, path, p)
			return
		case v.Kind() == reflect.Slice:
			bindList(v, form[name], name, p)
			return
		case v.Kind() == reflect.Struct:
			bindStruct(v, name+".", form, nil, p)
			return
		}
	}
	if x, ok := form[name]; ok && len(x) > 0 {
		setText(v, name, x[len(x)-1], p)
	}
}

func bindList(v reflect.Value, values []string, name string, p *fault.Problems) {
	for _, x := range values {
		if strings.TrimSpace(x) == "" {
			continue
		}
		e := reflect.New(v.Type().Elem()).Elem()
		setText(e, name, x, p)
		v.Set(reflect.Append(v, e))
	}
}

// rowsAtMost bounds the rows of a form.
const rowsAtMost = 500

func bindRows(v reflect.Value, name string, form url.Values, path func(string) string, p *fault.Problems) {
	last := -1
	for k := range form {
		rest, ok := strings.CutPrefix(k, name+".")
		if !ok {
			continue
		}
		n, err := strconv.Atoi(strings.SplitN(rest, ".", 2)[0])
		if err == nil && n > last && n < rowsAtMost {
			last = n
		}
	}
	for i := range last + 1 {
		row := reflect.New(v.Type().Elem()).Elem()
		bindStruct(row, name+"."+strconv.Itoa(i)+".", form, nil, p)
		v.Set(reflect.Append(v, row))
	}
}

func setText(v reflect.Value, name, text string, p *fault.Problems) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if text == "" {
			return
		}
		if err := u.UnmarshalText([]byte(text)); err != nil {
			p.Add(name, "web.not-a-date")
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(text != "" && text != "0" && text != "false" && text != "off")
	case reflect.Int, reflect.Int64:
		if text == "" {
			return
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			p.Add(name, "web.not-a-number")
			return
		}
		v.SetInt(n)
	default:
		p.Add(name, "web.form-unreadable")
	}
}
