package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/ysmood/gson"

	"tongxin/e2e/module"
)

// Axe runs the accessibility rules of WCAG 2.2 A and AA over the page as it is now and
// fails with every violation: rule, element, what is wrong.
func (p *Page) Axe() {
	p.t.Helper()
	p.settle("look at accessibility")
	source, err := axeSource()
	if err != nil {
		p.fail("%v", err)
	}
	var violations []gson.JSON
	p.until("run axe", func(tab *rod.Page) error {
		// Given to the engine, not to the page: its policy forbids foreign scripts, rightly.
		if _, err := (proto.RuntimeEvaluate{Expression: source}).Call(tab); err != nil {
			return err
		}
		result, err := tab.Eval(`async () => {
			const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']
			const report = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
			return report.violations.flatMap(rule => rule.nodes.map(node => ({
				rule: rule.id, impact: node.impact, selector: node.target.join(' '), html: node.html, why: node.failureSummary,
			})))
		}`)
		if err == nil {
			violations = result.Value.Arr()
		}
		return err
	})
	if len(violations) > 0 {
		p.shoot("axe-" + p.t.Name())
		p.t.Errorf("%s: %d accessibility violations:\n%s", p.where(), len(violations), describe(violations))
	}
}

func axeSource() (string, error) {
	root, err := module.Root()
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(filepath.Join(root, "testdata", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("read axe: %w", err)
	}
	return string(source), nil
}

func describe(violations []gson.JSON) string {
	var text strings.Builder
	for _, v := range violations {
		fmt.Fprintf(&text, "  %s (%s) at %s\n    %s\n    %s\n", v.Get("rule").Str(), v.Get("impact").Str(),
			v.Get("selector").Str(), v.Get("html").Str(), strings.ReplaceAll(v.Get("why").Str(), "\n", "\n    "))
	}
	return text.String()
}
