package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// house is what ARCHITECTURE.md says.
type house struct {
	floor  map[string]float64         // package below internal/ → floor
	extra  map[string]map[string]bool // exceptions: from → to
	listed map[string]bool
}

var (
	floorRow     = regexp.MustCompile("^\\| ([0-9.]+|kit|test|top) \\| `([a-z0-9/]+)` \\|")
	exceptionRow = regexp.MustCompile("^\\| `([a-z0-9/]+)` → `([a-z0-9/]+)` \\|")
)

// The kit's floor lies between the actions and the domains.
const (
	kitFloor  = 3.5
	topFloor  = 90
	testFloor = 99
)

func readHouse(t *testing.T) house {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	h := house{map[string]float64{}, map[string]map[string]bool{}, map[string]bool{}}
	for l := range strings.SplitSeq(string(raw), "\n") {
		if m := floorRow.FindStringSubmatch(l); m != nil {
			h.listed[m[2]] = true
			switch m[1] {
			case "kit":
				h.floor[m[2]] = kitFloor
			case "top":
				h.floor[m[2]] = topFloor
			case "test":
				h.floor[m[2]] = testFloor
			default:
				h.floor[m[2]], _ = strconv.ParseFloat(m[1], 64)
			}
		}
		if m := exceptionRow.FindStringSubmatch(l); m != nil {
			if h.extra[m[1]] == nil {
				h.extra[m[1]] = map[string]bool{}
			}
			h.extra[m[1]][m[2]] = true
		}
	}
	if len(h.floor) < 10 {
		t.Fatal("the table of floors in ARCHITECTURE.md could not be read")
	}
	return h
}

type source struct {
	pkg, file string
	ast       *ast.File
}

// sources parses every file of the product below internal/.
func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	set := token.NewFileSet()
	base := filepath.Join(root, "internal")
	err := filepath.WalkDir(base, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		pkg, _ := filepath.Rel(base, filepath.Dir(path))
		list = append(list, source{filepath.ToSlash(pkg), path, f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestPackagesImportOnlyLowerFloors(t *testing.T) {
	t.Parallel()
	h := readHouse(t)
	for _, s := range sources(t) {
		for _, i := range s.ast.Imports {
			to, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "tongxin/internal/")
			if !ours || to == s.pkg || h.extra[s.pkg][to] || parent(s.pkg) == to || parent(to) == s.pkg && !pages(to) {
				continue
			}
			if why := h.forbids(s.pkg, to); why != "" {
				t.Errorf("%s imports %s: %s", s.file, to, why)
			}
		}
	}
}

func parent(pkg string) string {
	if i := strings.LastIndex(pkg, "/"); i > 0 {
		return pkg[:i]
	}
	return ""
}

// pages tells whether a package is the pages of a domain.
func pages(pkg string) bool { return strings.Contains(pkg, "/") && strings.HasSuffix(pkg, "web") }

func (h house) floorOf(pkg string) float64 {
	if f, ok := h.floor[pkg]; ok {
		return f
	}
	if parent(pkg) == "" {
		return -1
	}
	f := h.floorOf(parent(pkg))
	if f < 0 {
		return -1
	}
	if pages(pkg) {
		return f + 0.5
	}
	return f
}

func (h house) forbids(from, to string) string {
	a, b := h.floorOf(from), h.floorOf(to)
	switch {
	case a < 0 || b < 0:
		return "one of them has no floor in ARCHITECTURE.md"
	case to == "store" && (pages(from) || h.floor[from] == kitFloor):
		return "pages never touch the database"
	case b == kitFloor && !pages(from) && a < topFloor && a != kitFloor:
		return "only pages use the kit"
	case strings.HasPrefix(to, "web") && a == kitFloor:
		return ""
	case b >= a:
		return "it is not on a lower floor"
	}
	return ""
}

func TestEveryPackageIsDrawnAndSaysWhatLivesThere(t *testing.T) {
	t.Parallel()
	h := readHouse(t)
	commented := map[string]bool{}
	seen := map[string]bool{}
	for _, s := range sources(t) {
		seen[s.pkg] = true
		if s.ast.Doc != nil && strings.TrimSpace(s.ast.Doc.Text()) != "" {
			commented[s.pkg] = true
		}
	}
	for pkg := range seen {
		if !commented[pkg] {
			t.Errorf("package %s has no package comment", pkg)
		}
		if h.floorOf(pkg) < 0 {
			t.Errorf("package %s is not drawn in ARCHITECTURE.md", pkg)
		}
	}
	for pkg := range h.listed {
		if !seen[pkg] && pkg != "archtest" {
			t.Errorf("ARCHITECTURE.md draws %s, which does not exist", pkg)
		}
	}
}

// TestNoInitAndNoHiddenState: parts are passed to constructors (house rule 24).
func TestNoInitAndNoHiddenState(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function", s.file)
			}
		}
	}
}

// TestExportedNamesAreExplained: every exported function, type and method of
// ours has a comment.
func TestExportedNamesAreExplained(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if strings.HasSuffix(s.file, "_templ.go") {
			continue
		}
		for _, d := range s.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					t.Errorf("%s: %s has no comment", s.file, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, x := range d.Specs {
					if ts, ok := x.(*ast.TypeSpec); ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil && ts.Comment == nil {
						t.Errorf("%s: type %s has no comment", s.file, ts.Name.Name)
					}
				}
			}
		}
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	x := d.Recv.List[0].Type
	if p, ok := x.(*ast.StarExpr); ok {
		x = p.X
	}
	if g, ok := x.(*ast.IndexListExpr); ok {
		x = g.X
	}
	if g, ok := x.(*ast.IndexExpr); ok {
		x = g.X
	}
	n, ok := x.(*ast.Ident)
	return ok && n.IsExported() && !slices.Contains([]string{"Error", "String", "Unwrap"}, d.Name.Name)
}
