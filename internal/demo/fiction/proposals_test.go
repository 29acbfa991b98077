package fiction

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var issued = time.Date(2026, 5, 20, 9, 0, 0, 0, time.UTC)

// looseEnds are signs that a filling was forgotten.
func looseEnds(text string) bool {
	return strings.ContainsAny(text, "{}[]|") || strings.Contains(text, "。。") ||
		strings.Contains(text, "，。") || strings.Contains(text, "%!")
}

func TestProposalsAreDistinctAndWhole(t *testing.T) {
	t.Parallel()
	for _, n := range []int{260, 434} {
		c := New(42)
		titles, bodies := map[string]bool{}, map[string]bool{}
		for _, p := range c.Proposals(n) {
			body := p.Body()
			if titles[p.Title] || bodies[body] {
				t.Errorf("proposal %d repeats title or body: %s", p.No, p.Title)
			}
			titles[p.Title], bodies[body] = true, true
			if l := utf8.RuneCountInString(p.Title); l > 50 || l < 8 || !strings.HasPrefix(p.Title, "关于") {
				t.Errorf("title of %d characters: %s", l, p.Title)
			}
			if l := p.Length(); l < 500 || l > 1200 {
				t.Errorf("proposal %d (%s) has %d characters", p.No, p.Topic, l)
			}
			if len(p.Suggestions) < 3 || len(p.Suggestions) > 5 || p.Research == "" {
				t.Errorf("proposal %d has %d suggestions", p.No, len(p.Suggestions))
			}
			if looseEnds(p.Title + body) {
				t.Errorf("proposal %d has a loose end:\n%s\n%s", p.No, p.Title, body)
			}
			if p.Session < 1 || p.Session > len(c.Sessions) {
				t.Errorf("proposal %d belongs to session %d", p.No, p.Session)
			}
		}
	}
}

func TestProposalsNameExistingUnitsAndPeople(t *testing.T) {
	t.Parallel()
	c := New(3)
	kinds, spheres, topics := map[string]int{}, map[string]int{}, map[string]int{}
	for _, p := range c.Proposals(300) {
		kinds[p.Kind]++
		spheres[p.Category]++
		topics[p.Topic]++
		for _, u := range p.Units {
			if _, ok := c.Unit(u); !ok {
				t.Errorf("proposal %d suggests %q, which does not exist", p.No, u)
			}
		}
		lead, ok := c.Member(p.Lead)
		if !ok || slices.Contains(p.CoSigners, p.Lead) || (p.Kind == KindJoint) != (len(p.CoSigners) > 0) {
			t.Errorf("proposal %d: lead %d, co-signers %v, kind %s", p.No, p.Lead, p.CoSigners, p.Kind)
		}
		own := p.Kind == KindIndividual || p.Kind == KindJoint
		if own && lead.Unit != "" && slices.Contains(p.Units, lead.Unit) {
			t.Errorf("proposal %d asks the first proposer's own unit %s", p.No, lead.Unit)
		}
		if own == (p.Organisation != "") || p.Publish == (p.PublishRefusal != "") {
			t.Errorf("proposal %d: kind %s with organisation %q; refusal %q", p.No, p.Kind, p.Organisation, p.PublishRefusal)
		}
	}
	if len(kinds) != 7 || len(spheres) != 5 || len(topics) < 60 {
		t.Errorf("kinds %v, spheres %v, %d topics", kinds, spheres, len(topics))
	}
}

func TestNoWordingRepeatsTooOften(t *testing.T) {
	t.Parallel()
	sentences := map[string]int{}
	for _, p := range New(42).Proposals(264) {
		for _, s := range p.Suggestions {
			sentences[s]++
		}
	}
	for s, n := range sentences {
		if n > 20 {
			t.Errorf("%d proposals ask for the same: %s", n, s)
		}
	}
}

func TestTopicsAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, x := range load().topics {
		if seen[x.ID] {
			t.Errorf("topic %s exists twice", x.ID)
		}
		seen[x.ID] = true
		if len(x.Titles) < 4 || len(x.Research) < 2 || len(x.Backgrounds) < 2 || len(x.Problems) < 5 || len(x.Suggestions) < 6 {
			t.Errorf("topic %s lacks material", x.ID)
		}
		if !slices.Contains([]string{"urban", "rural", "any", "city"}, x.Where) {
			t.Errorf("topic %s plays in %q", x.ID, x.Where)
		}
		for _, s := range x.Suggestions {
			if strings.HasSuffix(s.Done, "。") || !strings.HasSuffix(s.Ask, "。") || s.Gist == "" {
				t.Errorf("topic %s: %q must end in a full stop, %q must not", x.ID, s.Ask, s.Done)
			}
		}
	}
}

func TestRepliesAnswerPointByPoint(t *testing.T) {
	t.Parallel()
	classes, outcomes, items := map[string]int{}, map[string]int{}, 0
	for _, p := range New(42).Proposals(260) {
		r := p.Reply(p.Units[0], 1, issued)
		classes[r.Class]++
		if len(r.Items) != len(p.Suggestions) {
			t.Errorf("reply to %d has %d items for %d suggestions", p.No, len(r.Items), len(p.Suggestions))
		}
		worst := OutcomeAdopted
		for i, it := range r.Items {
			outcomes[it.Outcome]++
			items++
			if it.Item != i+1 || (it.Outcome == OutcomePlanned) == it.Due.IsZero() {
				t.Errorf("reply to %d: item %+v", p.No, it)
			}
			if !it.Due.IsZero() && !it.Due.After(issued) {
				t.Errorf("reply to %d promises the past: %s", p.No, it.Due)
			}
			if it.Outcome == OutcomeNot || it.Outcome == OutcomePlanned {
				worst = it.Outcome
			}
		}
		if (r.Class == "A") != (worst == OutcomeAdopted) {
			t.Errorf("reply to %d is class %s, its worst outcome %s", p.No, r.Class, worst)
		}
		if looseEnds(r.Body()) || (r.Publicity == PublicFull) != (r.PublicityReason == "") {
			t.Errorf("reply to %d:\n%s", p.No, r.Body())
		}
		again := p.Reply(p.Units[0], 2, issued)
		if again.Class == "C" || again.Class == "D" || again.Body() == r.Body() {
			t.Errorf("second reply to %d is class %s", p.No, again.Class)
		}
	}
	if len(classes) != 4 || (outcomes[OutcomeAdopted]+outcomes[OutcomePartly])*100 < items*70 {
		t.Errorf("classes %v, outcomes %v", classes, outcomes)
	}
}

func TestPapersHaveNoLooseEnds(t *testing.T) {
	t.Parallel()
	ratings := map[string]int{}
	for _, p := range New(42).Proposals(260) {
		unit := p.Units[0]
		texts := []string{
			p.Assist(p.Units[len(p.Units)-1], unit), p.UnitReturn(unit).Reason, p.UnitReturnRuling(true),
			p.UnitReturnRuling(false), p.Extension(unit), p.ReturnReason().Text, p.NotFiledReason().Text,
			p.Conversion().Text, p.TransferUp(), p.Withdrawal(), p.Correction(), p.Proposer(),
		}
		for _, level := range []string{LevelPre, LevelFirst, LevelSecond, LevelFinal} {
			texts = append(texts, p.Review(level))
		}
		for _, phase := range []string{PhaseBefore, PhaseDuring, PhaseAfter} {
			k := p.Contact(unit, phase)
			texts = append(texts, k.Notes, k.People, k.Mode)
			if k.Mode != "phone" && k.Mode != "online" {
				texts = append(texts, k.Place)
			}
		}
		r := p.Rating(p.Lead, unit, 1)
		ratings[r.Result]++
		if r.Comment == "" && (r.Result != Satisfied || r.Attitude != Satisfied) {
			t.Errorf("proposal %d is rated %+v without a word", p.No, r)
		}
		a := p.OfficeAmendment()
		texts = append(texts, a.Note, a.Analysis, a.Background)
		if fmt.Sprint(a.Suggestions) == fmt.Sprint(p.Suggestions) || utf8.RuneCountInString(a.Title) > 50 {
			t.Errorf("amendment of %d shows no difference or too long a title", p.No)
		}
		for _, s := range texts {
			if s == "" || looseEnds(s) {
				t.Errorf("proposal %d: %q", p.No, s)
			}
		}
		if _, ok := p.city.Unit(p.UnitReturn(unit).Suggest); !ok {
			t.Errorf("proposal %d: return suggests an unknown unit", p.No)
		}
	}
	if ratings[Dissatisfied] < 2 || ratings[Dissatisfied] > 30 || ratings[Satisfied] < 180 {
		t.Errorf("ratings %v", ratings)
	}
}

func BenchmarkEverything(b *testing.B) {
	for b.Loop() {
		everything()
	}
}

// everything makes all that the demonstration asks for.
func everything() {
	for _, p := range New(1).Proposals(434) {
		p.Reply(p.Units[0], 1, issued)
		p.Contact(p.Units[0], PhaseDuring)
		p.Rating(p.Lead, p.Units[0], 1)
	}
}
