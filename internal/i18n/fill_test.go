package i18n_test

import (
	"testing"
	"testing/fstest"

	"tongxin/internal/i18n"
)

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	zh := `{"a": "第 {n} 号", "b": "{x}{y} 与 {x}", "c": "{没有} {x", "d": "无"}`
	c, err := i18n.Load(fstest.MapFS{"messages/zh-CN.json": {Data: []byte(zh)}, "messages/en.json": {Data: []byte(zh)}})
	if err != nil {
		t.Fatal(err)
	}
	w := c.In(i18n.Chinese)
	for _, x := range []struct {
		got, want string
	}{
		{w.T("a", "n", 14), "第 14 号"}, {w.T("b", "x", "{y}", "y", int64(2)), "{y}2 与 {y}"}, // a value is never read as a placeholder
		{w.T("c", "x", "1"), "{没有} {x"}, {w.T("d", "x", 1), "无"}, {w.T("a", "n"), "第 {n} 号"}, {w.T("e"), "⟦e⟧"},
	} {
		if x.got != x.want {
			t.Errorf("%q, want %q", x.got, x.want)
		}
	}
}
