package appraisal

import (
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
)

// PathOf is the path of the page of a scheme; SheetPath of a unit's sheet.
func PathOf(scheme string) string { return "/appraisal/schemes/" + scheme }

// SheetPath is the path of a unit's sheet.
func SheetPath(scheme, unit string) string { return PathOf(scheme) + "/units/" + unit }

// Notices says who is told what of the appraisal.
func Notices() []notify.Rule {
	return []notify.Rule{
		telling("appraisal.published", published),
		telling("appraisal.appealed", func(n *news, f WasAppealed) error {
			return n.holders("", "appraisal.notice.appealed", SheetPath(f.SchemeID, f.UnitID), []string{"year", strconv.Itoa(f.Year), "unit", f.UnitName}, access.Office, access.Chief)
		}),
		telling("appraisal.ruled", func(n *news, f WasRuled) error {
			return n.unit(f.UnitID, "appraisal.notice.ruled."+f.Ruling, SheetPath(f.SchemeID, f.UnitID), "year", strconv.Itoa(f.Year))
		}),
		telling("appraisal.adjusted", func(n *news, f WasAdjusted) error {
			return n.unit(f.UnitID, "appraisal.notice.adjusted", SheetPath(f.SchemeID, f.UnitID), "year", strconv.Itoa(f.Year), "points", f.Points.Signed())
		}),
	}
}

func published(n *news, f WasPublished) error {
	year := strconv.Itoa(f.Year)
	for _, u := range f.Units {
		if err := n.unit(u, "appraisal.notice.published", SheetPath(f.SchemeID, u), "year", year); err != nil {
			return err
		}
	}
	return n.holders("", "appraisal.notice.announced", PathOf(f.SchemeID), []string{"year", year}, access.Leader, access.Dispatcher)
}

// news is what is told of one fact.
type news struct {
	l    *app.Look
	list []notify.Notice
}

// telling makes a rule of what to tell when a fact of a type happened.
func telling[F app.Fact](fact string, say func(*news, F) error) notify.Rule {
	return notify.Rule{Fact: fact, Notices: func(l *app.Look, h app.Heard) ([]notify.Notice, error) {
		f, err := notify.Body[F](h)
		if err != nil {
			return nil, err
		}
		n := &news{l: l}
		if err := say(n, f); err != nil {
			return nil, err
		}
		return n.list, nil
	}}
}

// unit tells the people of a unit.
func (n *news) unit(unit, key, link string, args ...string) error {
	return n.holders(unit, key, link, args, access.Handler, access.Signer)
}

// holders tells who holds posts of some kinds in a body, "" in any.
func (n *news) holders(body, key, link string, args []string, kinds ...access.PostKind) error {
	to, err := notify.Holders(n.l, body, kinds...)
	if err != nil {
		return err
	}
	n.list = append(n.list, notify.Notice{To: to, Key: key, Args: args, Link: link})
	return nil
}
