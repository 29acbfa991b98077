package site

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"

	"tongxin/internal/audit"
	"tongxin/internal/store"
)

// Check is one thing the doctor looked at.
type Check struct {
	Name string
	OK   bool
	Note string
}

// String is the line on the terminal.
func (c Check) String() string {
	mark := "ok  "
	if !c.OK {
		mark = "FAIL"
	}
	return fmt.Sprintf("%s  %-20s %s", mark, c.Name, c.Note)
}

// Doctor checks database, keys, files and the audit record.
func (s *Site) Doctor(ctx context.Context, set Settings) []Check {
	checks := []Check{s.checkDatabase(ctx), s.checkKeys(), checkFolder(set.Data)}
	r, err := s.VerifyAudit(ctx)
	note := fmt.Sprintf("%d entries, %d checkpoints", r.Entries, r.Checkpoints)
	if err != nil {
		note = err.Error()
	}
	for _, f := range r.Findings {
		note += "; " + f.String()
	}
	checks = append(checks, Check{"audit record", err == nil && len(r.Findings) == 0, note}, s.checkOrphans(ctx))
	return append(checks, s.checkChannels()...)
}

func (s *Site) checkDatabase(ctx context.Context) Check {
	if err := s.App.Ping(ctx); err != nil {
		return Check{"database", false, err.Error()}
	}
	return Check{"database", true, string(s.App.Engine())}
}

func (s *Site) checkKeys() Check {
	var b strings.Builder
	for i, k := range s.Keys.Inventory() {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%v", k)
	}
	return Check{"keys", true, b.String()}
}

func checkFolder(path string) Check {
	info, err := os.Stat(path)
	if err != nil {
		return Check{"data folder", false, err.Error()}
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Check{"data folder", false, path + " can be read by other accounts of this machine (chmod 700)"}
	}
	return Check{"data folder", true, path}
}

// AuditReport is the outcome of a verification.
type AuditReport struct {
	Entries     int64
	Checkpoints int
	Torn        bool
	Findings    []audit.Finding
}

// String is the report on the terminal.
func (r AuditReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d entries and %d checkpoints read.\n", r.Entries, r.Checkpoints)
	if r.Torn {
		b.WriteString("The last checkpoint is torn, as a power cut leaves it.\n")
	}
	for _, f := range r.Findings {
		b.WriteString(f.String() + "\n")
	}
	if len(r.Findings) == 0 {
		b.WriteString("Nothing was changed, removed or moved.\n")
	}
	return b.String()
}

// VerifyAudit checks the chains against the signed checkpoints.
func (s *Site) VerifyAudit(ctx context.Context) (AuditReport, error) {
	heads, torn, err := s.Marks.Read()
	if err != nil {
		return AuditReport{}, err
	}
	r := AuditReport{Checkpoints: len(heads), Torn: torn}
	r.Entries, r.Findings, err = s.App.Verify(ctx, heads)
	return r, err
}

// Address is what people type to reach the server.
func (s Settings) Address(listening string) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	u := url.URL{Scheme: "http", Host: listening}
	if s.Secure() {
		u.Scheme = "https"
	}
	return u.String()
}

// Engine tells which engine the settings choose.
func (s Settings) Engine() store.Engine { return store.EngineOf(s.Database) }
