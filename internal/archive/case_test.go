package archive_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"tongxin/internal/archive"
	"tongxin/internal/fault"
)

// unpack reads a file as any program does.
func unpack(t testing.TB, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	must(t, err)
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		must(t, err)
		content, err := io.ReadAll(in)
		must(t, err)
		out[f.Name] = string(content)
	}
	return out
}

// holds looks for a member whose name begins and ends so, and that says words.
func holds(t testing.TB, members map[string]string, part string, words ...string) {
	t.Helper()
	for name, content := range members {
		if strings.Contains(name, part) {
			for _, x := range words {
				if !strings.Contains(content, x) {
					t.Errorf("%s does not say %q", name, x)
				}
			}
			return
		}
	}
	t.Errorf("no member %s", part)
}

func TestAClosedCaseBecomesOneFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案", [2]string{"调研数据.txt", "走访三个小区"})
		kept := w.archived(id)
		if kept.ArchiveNumber != "WS·2026·D30-0001" || kept.Edition != 1 || kept.Severe != 0 {
			t.Fatalf("archived as %+v", kept)
		}
		m := unpack(t, w.bytes(id, 1))
		holds(t, m, "-form.html", "关于加装电梯的提案", "第一提案者", "林知远", "社会建设")
		holds(t, m, "-text.html", "老旧小区上下楼难。", "简化审批手续", "走访三个小区")
		holds(t, m, "-review.txt", "初审", "内容具体，建议立案。", "同意立案。", "郑观澜")
		holds(t, m, "-dispatch.html", "市住房和城乡建设局", "独办", "石砚秋", "住房科")
		holds(t, m, "-contact.txt", "面商", "第 1 次座谈")
		holds(t, m, "-reply.html", "云建提〔2026〕1号", "逐条答复", "已经简化。", "何承宇", "A 类")
		holds(t, m, "-rating.html", "林知远", "满意", "已沟通", "本人评价")
		holds(t, m, "-process.html", "立案", "印发答复", "办结", "审计记录")
		holds(t, m, "attachments/002-01-调研数据.txt", "走访三个小区")
		holds(t, m, "metadata.xml", "<聚合层次>件</聚合层次>", "<全宗名称>政协云州市委员会</全宗名称>", "<保管期限>30 年</保管期限>", "<件号>0001</件号>", "<密级>无</密级>", "<题名>关于加装电梯的提案</题名>", "<附件数>1</附件数>")
		holds(t, m, "report.html", "真实性", "完整性", "可用性", "安全性", "答复：记录 1 份，全部在卷。", "严重问题")
		var p archive.Process
		must(t, json.Unmarshal([]byte(m["process.json"]), &p))
		if len(p.Events) < 8 || len(p.Acts) < 7 {
			t.Errorf("%d events, %d acts", len(p.Events), len(p.Acts))
		}
		for _, a := range p.Acts {
			if a.Seq == 0 || len(a.ContentHash) != 64 || len(a.ChainHash) != 64 || a.Name == "" {
				t.Errorf("an act that cannot be found again: %+v", a)
			}
		}
		s := w.show(w.Leader, id)
		if s.State != archive.Archived || s.ArchiveNumber != kept.ArchiveNumber || len(s.Editions) != 1 || s.New || len(s.Editions[0].Members) != len(m)-2 || s.May.Archive || !s.May.Download {
			t.Errorf("the sheet: %+v", s.File)
		}
		v := act(w, archive.Verify, w.Chief, archive.VerifyIn{Kind: "proposal", ID: id})
		if !v.Sound || v.Edition != 1 {
			t.Errorf("verified: %+v", v)
		}
		refused(t, try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: id}), fault.Closed, "archive.done")
		w.CaughtUp(t)
		if _, found, err := w.App.Verify(t.Context(), w.Checkpoints()); err != nil || len(found) > 0 {
			t.Errorf("audit: %v %v", found, err)
		}
	})
}
