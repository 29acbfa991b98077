package demo_test

import (
	"fmt"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/site"
)

// tellsTheYear checks that of everything that fills a handling year there is
// something at the end.
func tellsTheYear(t *testing.T, s *site.Site, today time.Time) {
	t.Helper()
	for what, x := range thingsOfAYear(today.Format(time.DateOnly)) {
		if n := number(t, s, x.sql); n < x.least {
			t.Errorf("%s: %d, want %d at least", what, n, x.least)
		}
	}
}

type atLeast struct {
	least int
	sql   string
}

func thingsOfAYear(today string) map[string]atLeast {
	return map[string]atLeast{
		"objections accepted":            {1, "SELECT COUNT(*) FROM objection WHERE ruling = 'accepted'"},
		"objections rejected":            {1, "SELECT COUNT(*) FROM objection WHERE ruling = 'rejected'"},
		"extensions granted":             {1, "SELECT COUNT(*) FROM extension WHERE decision = 'granted'"},
		"opinions waived":                {1, "SELECT COUNT(*) FROM assignment WHERE state = 'waived'"},
		"second handlings":               {1, "SELECT COUNT(*) FROM rehandling"},
		"selections decided":             {2, "SELECT COUNT(*) FROM key_selection WHERE state = 'decided'"},
		"candidates passed over":         {1, "SELECT COUNT(*) FROM key_candidate WHERE state = 'passed_over'"},
		"candidates dropped":             {1, "SELECT COUNT(*) FROM key_candidate WHERE state = 'dropped'"},
		"key proposals under way":        {2, "SELECT COUNT(*) FROM key_proposal WHERE state = 'underway'"},
		"key proposals reported":         {2, "SELECT COUNT(*) FROM key_proposal WHERE state = 'reported'"},
		"leaders with an account":        {2, "SELECT COUNT(*) FROM key_leader WHERE person_id <> ''"},
		"leaders without one":            {1, "SELECT COUNT(*) FROM key_leader WHERE person_id = ''"},
		"plans accepted":                 {4, "SELECT COUNT(*) FROM key_plan WHERE verdict = 'accepted'"},
		"plans returned":                 {1, "SELECT COUNT(*) FROM key_plan WHERE verdict = 'returned'"},
		"supervisions":                   {4, "SELECT COUNT(*) FROM key_record"},
		"requirements answered":          {3, "SELECT COUNT(*) FROM key_task WHERE kind = 'requirement' AND state = 'done'"},
		"what is due and late":           {1, "SELECT COUNT(*) FROM key_task WHERE state = 'open' AND due_on < '" + today + "'"},
		"instructions on key proposals":  {2, "SELECT COUNT(*) FROM key_instruction"},
		"their follow-ups done":          {1, "SELECT COUNT(*) FROM key_task WHERE kind = 'follow_up' AND state = 'done'"},
		"results told":                   {2, "SELECT COUNT(*) FROM key_report WHERE kind = 'result'"},
		"press items":                    {1, "SELECT COUNT(*) FROM key_report WHERE kind = 'press'"},
		"promises kept":                  {5, "SELECT COUNT(*) FROM promise WHERE state = 'kept' AND kept_on <= first_due_on"},
		"promises kept late":             {1, "SELECT COUNT(*) FROM promise WHERE state = 'kept' AND kept_on > first_due_on"},
		"promises confirmed":             {2, "SELECT COUNT(*) FROM promise WHERE confirmed = 'yes'"},
		"promises cancelled":             {1, "SELECT COUNT(*) FROM promise WHERE state = 'cancelled'"},
		"promises late":                  {1, "SELECT COUNT(*) FROM promise WHERE state = 'open' AND due_on < '" + today + "'"},
		"promises to come":               {1, "SELECT COUNT(*) FROM promise WHERE state = 'open' AND due_on > '" + today + "'"},
		"chases by hand":                 {1, "SELECT COUNT(*) FROM chase WHERE form = 'note'"},
		"formal letters":                 {1, "SELECT COUNT(*) FROM chase WHERE form = 'letter'"},
		"chases answered":                {1, "SELECT COUNT(*) FROM chase WHERE how = 'words'"},
		"instructions on what is late":   {1, "SELECT COUNT(*) FROM late_instruction"},
		"schemes published":              {1, "SELECT COUNT(*) FROM appraisal_scheme WHERE state = 'published'"},
		"sheets":                         {20, "SELECT COUNT(*) FROM appraisal_sheet"},
		"appeals answered":               {1, "SELECT COUNT(*) FROM appraisal_appeal WHERE ruling = 'upheld'"},
		"schemes being drafted":          {1, "SELECT COUNT(*) FROM appraisal_scheme WHERE state = 'draft'"},
		"campaigns announced":            {1, "SELECT COUNT(*) FROM commendation_campaign WHERE stage = 'announced'"},
		"winners":                        {2, "SELECT COUNT(*) FROM commendation_candidate d JOIN commendation_campaign g ON g.id = d.campaign_id WHERE g.stage = 'announced' AND d.dropped_at = ''"},
		"campaigns open for nominating":  {1, "SELECT COUNT(*) FROM commendation_campaign WHERE stage = 'nominating' AND opens_on <= '" + today + "' AND closes_on >= '" + today + "'"},
		"nominations in it":              {2, "SELECT COUNT(*) FROM commendation_nomination n JOIN commendation_campaign g ON g.id = n.campaign_id WHERE g.stage = 'nominating'"},
		"cases archived":                 {12, "SELECT COUNT(*) FROM archive_case WHERE state = 'archived'"},
		"cases that wait for archiving":  {1, "SELECT COUNT(*) FROM archive_case WHERE state = 'waiting'"},
		"two-way appraisals in":          {2, "SELECT COUNT(*) FROM appraisal_pair WHERE state = 'shown' AND unit_in AND raters_in > 0"},
		"appraisal meetings reported":    {1, "SELECT COUNT(*) FROM appraisal_meeting WHERE state = 'reported'"},
		"appraisal meetings prepared":    {1, "SELECT COUNT(*) FROM appraisal_meeting WHERE state = 'draft'"},
		"sheets of participants":         {5, "SELECT COUNT(*) FROM appraisal_meeting_sheet"},
		"work handed over":               {1, "SELECT COUNT(*) FROM hand_over_row WHERE outcome <> ''"},
		"further replies":                {1, "SELECT COUNT(*) FROM reply WHERE purpose = 'followup' AND state = 'issued'"},
		"former names":                   {1, "SELECT COUNT(*) FROM body_named"},
		"officers replaced":              {1, "SELECT COUNT(*) FROM assignment_officer"},
		"jobs of dispatching":            {1, "SELECT COUNT(*) FROM job WHERE kind = 'handling.bulk.dispatch' AND state = 'done'"},
		"jobs of archiving":              {1, "SELECT COUNT(*) FROM job WHERE kind = 'archive.many.bulk' AND state = 'done'"},
		"what waits with a desk":         {1, "SELECT COUNT(*) FROM handling_route WHERE done_at IS NULL AND desk_id <> ''"},
		"no row of a job that failed":    {0, "SELECT -COUNT(*) FROM job_row WHERE state = 'failed'"},
		"no archived file with findings": {0, "SELECT -COUNT(*) FROM archive_case WHERE severe > 0 OR broken"},
	}
}

// number counts past every scope.
func number(t *testing.T, s *site.Site, sql string) (n int) {
	t.Helper()
	q := app.Ask("test.number", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (n int, err error) {
		return n, l.Tx().Row(l.Ctx(), sql).Scan(&n)
	})
	n, err := q.Do(t.Context(), s.App, access.Actor{}, struct{}{})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// TestTheStoryEndsOnAnyDay: also while the last session has just been handed over,
// before anything is answered, and in a city of hardly any proposals.
func TestTheStoryEndsOnAnyDay(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		n     int
		today time.Time
	}{
		{1, time.Date(2026, 5, 6, 10, 0, 0, 0, clock.Beijing)},
		{12, time.Date(2026, 1, 28, 10, 0, 0, 0, clock.Beijing)},
		{45, time.Date(2026, 3, 3, 10, 0, 0, 0, clock.Beijing)},
		{45, time.Date(2026, 12, 28, 10, 0, 0, 0, clock.Beijing)},
	} {
		t.Run(fmt.Sprint(x.n, x.today.Format(" 2006-01-02")), func(t *testing.T) {
			t.Parallel()
			s, accounts := made(t, x.n, x.today)
			if len(accounts) < 11 {
				t.Errorf("%d people can sign in", len(accounts))
			}
			if n := number(t, s, "SELECT COUNT(*) FROM commendation_campaign WHERE stage = 'nominating'"); n != 1 {
				t.Errorf("%d campaigns collect nominations", n)
			}
		})
	}
}
