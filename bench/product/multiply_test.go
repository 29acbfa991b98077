package product_test

import (
	"testing"

	"tongxin/bench/product"
	"tongxin/bench/product/producttest"
)

func TestMultiply(t *testing.T) {
	t.Parallel()
	path := producttest.City(t)
	n, err := product.Multiply(t.Context(), path, product.Size{Proposals: 100})
	if err != nil || n != 100 { // 4 and 32 copies of 3
		t.Fatalf("got %d proposals, %v", n, err)
	}
	db := producttest.Open(t, path)
	defer func() { _ = db.Close() }()
	for q, want := range map[string]int{
		"SELECT COUNT(*) FROM proposal_text":                                                                                       100,
		"SELECT COUNT(*) FROM proposal WHERE state = 'draft'":                                                                      1,
		"SELECT COUNT(*) FROM proposal WHERE length(id) = 26":                                                                      100,
		"SELECT COUNT(DISTINCT number) FROM proposal":                                                                              66,
		"SELECT SUM(n) FROM proposal_tally":                                                                                        100,
		"SELECT n FROM proposal_tally WHERE state = 'closed'":                                                                      33,
		"SELECT n FROM proposal_due_tally":                                                                                         100,
		"SELECT COUNT(*) FROM proposal_disposition d JOIN proposal p ON p.id = d.proposal_id AND p.state = 'closed'":               33,
		"SELECT COUNT(*) FROM assignment a JOIN proposal p ON p.id = a.case_id":                                                    33,
		"SELECT COUNT(*) FROM reply_item i JOIN reply r ON r.id = i.reply_id JOIN assignment a ON a.id = r.assignment_id":          33,
		"SELECT COUNT(*) FROM reply r JOIN assignment a ON a.id = r.assignment_id AND a.case_id = r.case_id WHERE r.number = '12'": 1,
		"SELECT COUNT(*) FROM assignment WHERE phone_sealed <> ''":                                                                 1,
		"SELECT COUNT(*) FROM audit_unsealed":                                                                                      1,
		"SELECT last = (SELECT MAX(number) FROM proposal) FROM proposal_counter":                                                   1,
		"SELECT COUNT(*) FROM sqlite_master WHERE name IN ('proposal_list', 'proposal_due', 'proposal_cell', 'assignment_once')":   4,
		"SELECT COUNT(*) FROM pragma_foreign_key_check":                                                                            0,
		"SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'":                                                 1,
		"SELECT COUNT(*) FROM proposal WHERE id > '06g' AND id < '07'":                                                             4,
		"SELECT COUNT(*) FROM proposal_text WHERE length(background) = 80":                                                         100,
	} {
		var got int
		if err := db.QueryRowContext(t.Context(), q).Scan(&got); err != nil || got != want {
			t.Errorf("%s: got %d %v, want %d", q, got, err, want)
		}
	}
}

func TestMultiplyLean(t *testing.T) {
	t.Parallel()
	path := producttest.City(t)
	n, err := product.Multiply(t.Context(), path, product.Size{Proposals: 50, Lean: true})
	if err != nil || n != 52 { // 4 and 16 copies of 3
		t.Fatalf("got %d proposals, %v", n, err)
	}
	db := producttest.Open(t, path)
	defer func() { _ = db.Close() }()
	for q, want := range map[string]int{
		"SELECT COUNT(*) FROM assignment":                                  1,
		"SELECT COUNT(*) FROM proposal_text WHERE length(background) = 30": 48,
		"SELECT SUM(n) FROM proposal_tally":                                52,
	} {
		var got int
		if err := db.QueryRowContext(t.Context(), q).Scan(&got); err != nil || got != want {
			t.Errorf("%s: got %d %v, want %d", q, got, err, want)
		}
	}
}

func TestMultiplyNothing(t *testing.T) {
	t.Parallel()
	path := producttest.City(t)
	db := producttest.Open(t, path)
	producttest.Do(t, db, "UPDATE proposal SET submitted_at = NULL")
	_ = db.Close()
	if _, err := product.Multiply(t.Context(), path, product.Size{Proposals: 50}); err == nil {
		t.Error("nothing was handed in, and yet it multiplied")
	}
	path = producttest.City(t)
	if n, err := product.Multiply(t.Context(), path, product.Size{Proposals: 2}); err != nil || n != 4 {
		t.Errorf("a database that is big enough: got %d %v", n, err)
	}
}
