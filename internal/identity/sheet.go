package identity

import (
	"encoding/csv"
	"strings"
)

// Sheet writes rows as a CSV file that spreadsheets read as UTF-8 and of which
// they run nothing: a cell that begins like a formula gets an apostrophe.
func Sheet(rows [][]string) string {
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = guard(cell)
		}
		_ = w.Write(safe) // a strings.Builder does not fail
	}
	w.Flush()
	return b.String()
}

// guard keeps a spreadsheet from taking a cell for a formula.
func guard(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠'", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}

// Unguard takes back what Sheet put in front of a cell.
func Unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && guard(rest) != rest {
		return rest
	}
	return cell
}
