package archive_test

import (
	"errors"
	"strings"
	"testing"

	"tongxin/internal/archive"
	"tongxin/internal/blob"
	"tongxin/internal/document"
	"tongxin/internal/fault"
)

// says looks for a finding in the newest edition.
func (w *city) says(id string, severity archive.Severity, key string) bool {
	w.t.Helper()
	for _, f := range w.show(w.Office, id).Editions[0].Findings {
		if f.Severity == severity && f.Key == key {
			return true
		}
	}
	return false
}

// TestAMissingReplyIsFound: what was issued is known from what was recorded when
// it happened, so a letter that is gone does not go unseen.
func TestAMissingReplyIsFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案")
		w.forge("rating", "DELETE FROM rating WHERE case_id = ?", id)
		for _, table := range []string{"reply_delivery", "reply_item", "reply_promise"} {
			w.inside("DELETE FROM "+table+" WHERE reply_id IN (SELECT id FROM reply WHERE case_id = ?)", id)
		}
		w.inside("DELETE FROM reply WHERE case_id = ?", id)
		err := try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: id})
		refused(t, err, fault.Invalid, "archive.severe-needs-reason")
		refused(t, err, fault.Invalid, "archive.check.paper.missing")
		kept := act(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: id, Reason: "答复原件在纸质卷内，另存。"})
		if kept.Severe != 3 || !w.says(id, archive.Severe, "archive.check.paper.missing") {
			t.Errorf("archived as %+v", kept)
		}
		m := unpack(t, w.bytes(id, 1))
		holds(t, m, "report.html", "答复原件在纸质卷内，另存。", "答复：应有 1 份，在卷只有 0 份。", "评价：应有 1 份，在卷只有 0 份。", "卷内没有答复。")
		if v := act(w, archive.Verify, w.Office, archive.VerifyIn{Kind: "proposal", ID: id}); !v.Sound {
			t.Errorf("an incomplete file is still a sound one: %+v", v)
		}
	})
}

// TestAttachmentsAreLookedAt: gone, changed, harmful, marked.
func TestAttachmentsAreLookedAt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		gone := w.closed("关于加装电梯的提案", [2]string{"数据.txt", "走访三个小区"})
		list, err := document.Listing.Do(t.Context(), w.App, w.Office, document.ListIn{Kind: "proposal", ID: gone})
		must(t, err)
		must(t, w.Blobs.Remove(t.Context(), list.Files[0].Ref()))
		refused(t, try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: gone}), fault.Invalid, "archive.check.attachment.gone")
		swap := func(title, content string) error {
			t.Helper()
			id := w.closed(title, [2]string{"数据.txt", "走访三个小区"})
			ref, err := w.Blobs.Put(t.Context(), strings.NewReader(content), 1<<20)
			must(t, err)
			w.inside("UPDATE attachment SET blob_id = ? WHERE object_id = ?", ref.ID, id)
			return try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: id})
		}
		refused(t, swap("关于路灯的提案", "走访四个小区"), fault.Invalid, "archive.check.attachment.changed")
		refused(t, swap("关于停车的提案", "机密★5年\n内容"), fault.Invalid, "archive.check.marked")
		refused(t, swap("关于公园的提案", "X5O!-$EICAR-STANDARD-ANTIVIRUS"+"-TEST-FILE!$H+H*"), fault.Invalid, "archive.check.infected")
		refused(t, swap("关于公交的提案", "\x00\x01\x02"), fault.Invalid, "archive.check.attachment.kind")
		if n := w.count("SELECT COUNT(*) FROM archive_edition"); n != 0 {
			t.Errorf("%d editions were made", n)
		}
	})
}

// TestTheRecordIsCheckedAgainstTheChain.
func TestTheRecordIsCheckedAgainstTheChain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, two := w.closed("关于加装电梯的提案"), w.closed("关于路灯的提案")
		w.archived(one)
		// Nobody can change an entry through the database as it is: the trigger goes first.
		entry := w.column("SELECT id FROM audit_entry WHERE object_id = ? AND action = 'proposal.file'", one)[0]
		w.forge("audit_entry", "UPDATE audit_entry SET person_id = 'somebody' WHERE id = ?", entry)
		v := act(w, archive.Verify, w.Chief, archive.VerifyIn{Kind: "proposal", ID: one})
		if v.Sound || !w.show(w.Office, one).Broken {
			t.Errorf("a changed entry was not found: %+v", v)
		}
		entry = w.column("SELECT id FROM audit_entry WHERE object_id = ? AND action = 'proposal.review'", two)[0]
		w.forge("audit_entry", "UPDATE audit_entry SET action = 'proposal.decline' WHERE id = ?", entry)
		refused(t, try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: two}), fault.Invalid, "archive.check.chain.wrong")
	})
}

// TestAStoredFileThatIsDamagedIsFound, and one that is lost.
func TestAStoredFileThatIsDamagedIsFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案")
		w.archived(id)
		b := w.bytes(id, 1)
		b[len(b)/2] ^= 1
		ref, err := w.Blobs.Put(t.Context(), strings.NewReader(string(b)), 1<<30)
		must(t, err)
		old := w.column("SELECT blob_id FROM archive_edition")[0]
		w.forge("archive_edition", "UPDATE archive_edition SET blob_id = ?", ref.ID)
		v := act(w, archive.Verify, w.Office, archive.VerifyIn{Kind: "proposal", ID: id, Edition: 1})
		if s := w.show(w.Office, id); v.Sound || !s.Broken || s.Editions[0].Check.Sound {
			t.Errorf("damage was not found: %+v", v.Findings)
		}
		w.forge("archive_edition", "UPDATE archive_edition SET blob_id = ?", old)
		w.Clock.Advance(1e9)
		if v := act(w, archive.Verify, w.Office, archive.VerifyIn{Kind: "proposal", ID: id}); !v.Sound || w.show(w.Office, id).Broken {
			t.Errorf("restored from the backup it is not found sound: %+v", v.Findings)
		}
		must(t, w.Blobs.Remove(t.Context(), blob.Ref{ID: old}))
		if v := act(w, archive.Verify, w.Office, archive.VerifyIn{Kind: "proposal", ID: id}); v.Sound {
			t.Error("a lost file passed")
		}
		refused(t, try(w, archive.Verify, w.Office, archive.VerifyIn{Kind: "proposal", ID: id, Edition: 9}), fault.NotFound, "fault.not-found")
	})
}

// TestOldEditionsAreCheckedByTheClockwork.
func TestOldEditionsAreCheckedByTheClockwork(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案")
		w.archived(id)
		must(t, w.App.RunTasks(t.Context()))
		if n := w.count("SELECT COUNT(*) FROM archive_check"); n != 0 {
			t.Errorf("%d checks on the first day", n)
		}
		w.Clock.Advance(181 * 24 * 3600e9)
		must(t, w.App.RunTasks(t.Context()))
		must(t, w.App.RunTasks(t.Context()))
		if n := w.count("SELECT COUNT(*) FROM archive_check WHERE sound"); n != 1 {
			t.Errorf("%d checks after half a year", n)
		}
	})
}

// TestFilesThatNothingNamesAreRemoved.
func TestFilesThatNothingNamesAreRemoved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案")
		ref, err := w.Blobs.Put(t.Context(), strings.NewReader("left over"), 100)
		must(t, err)
		w.inside("INSERT INTO archive_pending (blob_id, at) VALUES (?, ?)", ref.ID, w.Clock.Now().UnixMilli())
		w.archived(id)
		w.Clock.Advance(2 * 3600e9)
		must(t, w.App.RunTasks(t.Context()))
		if _, err := w.Blobs.Get(t.Context(), ref); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("what nothing names is still there: %v", err)
		}
		if n := w.count("SELECT COUNT(*) FROM archive_pending"); n != 0 {
			t.Errorf("%d files pend", n)
		}
		if len(w.bytes(id, 1)) == 0 {
			t.Error("the edition is gone")
		}
	})
}
