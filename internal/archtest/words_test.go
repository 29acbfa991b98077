package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/i18n"
)

var (
	placeholder = regexp.MustCompile(`\{[a-z_]+\}`)
	used        = regexp.MustCompile(`(?:\bT\(|Deny\(|When\([^"\n]*?, |fault\.New\(fault\.[A-Za-z]+, |fault\.Field\([^,\n]+, |\.Add\([^,\n]+, |Key:\s*)"([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+)"`)
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	texts := built(t).Texts
	for _, k := range texts.Keys() {
		zh, _ := texts.Text(i18n.Chinese, k)
		for _, form := range []string{k, k + ".one", k + ".other"} {
			en, ok := texts.Text(i18n.English, form)
			if !ok {
				continue
			}
			if a, b := holes(zh), holes(en); !slices.Equal(a, b) && !strings.HasSuffix(form, ".one") {
				t.Errorf("%s: placeholders %v in Chinese, %v in English", form, a, b)
			}
			if strings.TrimSpace(en) == "" || strings.TrimSpace(zh) == "" {
				t.Errorf("%s has an empty text", form)
			}
			if regexp.MustCompile(`\p{Han}`).MatchString(en) && !strings.Contains(k, "lang") && !bilingual(k) {
				t.Errorf("%s: Chinese characters in the English text: %s", form, en)
			}
		}
	}
}

// bilingual are keys whose English text shows a Chinese word on purpose.
func bilingual(k string) bool {
	return strings.HasPrefix(k, "help.") || slices.Contains([]string{"identity.policy", "identity.policy.plain", "organization.roster.sitting"}, k)
}

func holes(s string) []string {
	list := placeholder.FindAllString(s, -1)
	slices.Sort(list)
	return slices.Compact(list)
}

// TestEveryKeyInTheCodeHasAText looks for message keys in Go and templ files.
func TestEveryKeyInTheCodeHasAText(t *testing.T) {
	t.Parallel()
	texts := built(t).Texts
	zh := texts.In(i18n.Chinese)
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") ||
			!strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") || strings.Contains(path, "/testkit/") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range used.FindAllStringSubmatch(string(raw), -1) {
			if !zh.Has(m[1]) {
				t.Errorf("%s uses %q, which has no text", path, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
