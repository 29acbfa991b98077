package proposal_test

import (
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/i18n"
	"tongxin/internal/notify"
)

// heard counts what somebody was told about key proposals, by sentence, and
// checks that each sentence is whole and leads to the key proposal.
func (w *city) heard(who access.Actor) map[string]int {
	w.t.Helper()
	counts := map[string]int{}
	for after := ""; ; {
		out, err := notify.Inbox.Do(w.t.Context(), w.App, who, notify.InboxIn{After: after})
		must(w.t, err)
		for _, m := range out.Messages {
			name, ok := strings.CutPrefix(m.Key, "proposal.notice.key.")
			if !ok {
				continue
			}
			counts[name]++
			if !strings.HasPrefix(m.Link, "/key/") {
				w.t.Errorf("%s leads to %s", m.Key, m.Link)
			}
			args := make([]any, len(m.Args))
			for i, a := range m.Args {
				args[i] = a
			}
			for _, lang := range i18n.Langs() {
				for _, key := range []string{m.Key, m.Key + ".mail"} {
					if s := w.Words.In(lang).T(key, args...); strings.ContainsAny(s, "⟦{") {
						w.t.Errorf("%s says %s", key, s)
					}
				}
			}
		}
		if out.Next == "" {
			return counts
		}
		after = out.Next
	}
}
