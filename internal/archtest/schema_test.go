package archtest

import (
	"database/sql"
	"regexp"
	"sort"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"tongxin/internal/site"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// dumps are the statements that show a schema, per engine.
var dumps = map[store.Engine]string{
	store.SQLite: `SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c."notnull" = 1 THEN ' NOT NULL' ELSE '' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose%'
		UNION ALL SELECT 'index ' || name || ': ' || replace(replace(sql, char(10), ' '), '  ', ' ') FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1`,
	store.Postgres: `SELECT table_name || '.' || column_name || ' ' || data_type || CASE WHEN is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END AS l
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'
		UNION ALL SELECT 'index ' || indexname || ': ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%' ORDER BY 1`,
}

func schema(t *testing.T, e store.Engine) []string {
	t.Helper()
	driver := map[store.Engine]string{store.SQLite: "sqlite", store.Postgres: "pgx"}[e]
	db, err := sql.Open(driver, testkit.Fresh(t, e, site.Modules()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), dumps[e])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var l string
		if err := rows.Scan(&l); err != nil {
			t.Fatal(err)
		}
		list = append(list, l)
	}
	sort.Strings(list) // the engines sort text differently
	return list
}

func TestTheSchemaIsAsReviewed(t *testing.T) {
	t.Parallel()
	for e := range dumps {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			golden(t, "schema."+string(e)+".golden", strings.Join(schema(t, e), "\n")+"\n")
		})
	}
}

// personal are column names that hold personal data wherever they stand.
var personal = regexp.MustCompile(`\.(\w*(?:phone|mail|id_number|ethnic|religion|political|birth|address)\w*) `)

// notPersonal are columns whose name only sounds like it, with the reason.
var notPersonal = map[string]string{
	"audit_entry.address": "source address of a request, kept with the audit record (AUD-01)",
	"session.address":     "source address of a sign-in, shown to the person himself",
}

func TestPersonalColumnsAreRegisteredAndSealed(t *testing.T) {
	t.Parallel()
	registered := map[string]bool{}
	exists := map[string]bool{}
	for _, m := range site.Modules() {
		for _, p := range m.Personal {
			registered[p.Table+"."+p.Column] = true
			if p.Purpose == "" || p.Retention == "" {
				t.Errorf("%s.%s lacks purpose or retention", p.Table, p.Column)
			}
		}
	}
	for _, l := range schema(t, store.SQLite) {
		column, _, _ := strings.Cut(l, " ")
		exists[column] = true
		m := personal.FindStringSubmatch(l)
		if m == nil || strings.HasPrefix(l, "index ") || notPersonal[column] != "" {
			continue
		}
		if !registered[column] {
			t.Errorf("%s looks personal and is not in the register (app.Module.Personal)", column)
		}
		if !strings.HasSuffix(m[1], "_sealed") && !strings.HasSuffix(m[1], "_lookup") {
			t.Errorf("%s holds personal data in clear", column)
		}
	}
	for r := range registered {
		if !exists[r] {
			t.Errorf("the register names %s, which does not exist", r)
		}
	}
	if len(registered) == 0 {
		t.Error("no register at all")
	}
}
