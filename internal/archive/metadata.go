package archive

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"tongxin/internal/profile"
)

// node is an element of metadata.xml.
type node struct {
	name, text string
	kids       []node
}

func leaf(name, text string) node { return node{name: name, text: text} }

func branch(name string, kids ...node) node { return node{name: name, kids: kids} }

// write writes an element; one without text and children is left out, because
// an empty element says nothing.
func (n node) write(b *strings.Builder, depth int) {
	if n.text == "" && len(n.kids) == 0 {
		return
	}
	pad := strings.Repeat("  ", depth)
	b.WriteString(pad + "<" + n.name + ">")
	if len(n.kids) == 0 {
		_ = xml.EscapeText(b, []byte(plain(n.text))) // a strings.Builder never fails
	} else {
		b.WriteString("\n")
		for _, k := range n.kids {
			k.write(b, depth+1)
		}
		b.WriteString(pad)
	}
	b.WriteString("</" + n.name + ">\n")
}

// metadata writes metadata.xml. Elements are named and ordered after DA/T
// 46-2009; what that standard does not name stands under 附注.
func (b *binder) metadata() []byte {
	var out strings.Builder
	out.WriteString(xml.Header)
	branch("电子文件元数据",
		leaf("参照标准", "DA/T 46-2009；档号依 DA/T 13-2022；检测依 DA/T 70-2018"),
		leaf("聚合层次", "件"),
		b.origin(), leaf("电子文件号", b.d.Kind+":"+b.d.ID), b.codes(), b.content(), b.form(), b.electronic(),
		branch("机构人员", b.people()...), branch("业务行为", b.acts()...),
		branch("附注", leaf("版次", strconv.FormatInt(b.edition, 10)), leaf("归档事由", b.words.T("archive.cause."+b.cause)), leaf("说明", b.reason),
			leaf("归档人", b.by), leaf("归档时间", stamp(b)), leaf("办理结果评价", b.d.Outcome)),
	).write(&out, 0)
	return []byte(out.String())
}

func stamp(b *binder) string { return b.at.Format("2006-01-02T15:04:05-07:00") }

func (b *binder) origin() node {
	return branch("来源", leaf("全宗名称", b.committee), leaf("立档单位名称", b.committee))
}

func (b *binder) codes() node {
	n := b.number
	return branch("档号", leaf("档号全称", n.String()), leaf("全宗号", n.Fonds), leaf("类别号", "WS"), leaf("年度", strconv.FormatInt(n.Year, 10)),
		leaf("保管期限", profile.NameOf(b.rules.Retention, n.Retention)), leaf("件号", fmt.Sprintf("%04d", n.Running)))
}

func (b *binder) content() node {
	d := b.d
	return branch("内容描述", leaf("题名", d.Title), leaf("分类号", d.Category), leaf("文件编号", d.Reference), leaf("责任者", strings.Join(append(append([]string{}, d.Proposers...), d.Units...), "；")),
		leaf("日期", d.FiledAt.Format("2006-01-02")), leaf("办结日期", d.ClosedAt.Format("2006-01-02")), leaf("文种", "提案"), leaf("主送", strings.Join(d.Units, "；")), leaf("密级", "无"))
}

func (b *binder) form() node {
	pages := 0
	for _, p := range b.d.Papers {
		pages += p.pages()
	}
	return branch("形式特征", leaf("文件组合类型", "组合文件"), leaf("文件份数", strconv.Itoa(len(b.d.Papers))), leaf("附件数", strconv.Itoa(len(b.d.Files))),
		leaf("估计页数", strconv.Itoa(pages)), leaf("语种", "汉语"), leaf("稿本", "正本"))
}

// electronic lists every member that stands beside this one.
func (b *binder) electronic() node {
	n := branch("电子属性", leaf("信息系统描述", "Tongxin 同心"), leaf("封装格式", format))
	list := append([]Member{}, b.members...)
	sortMembers(list)
	for _, m := range list {
		n.kids = append(n.kids, branch("文档", leaf("计算机文件名", m.Name), leaf("题名", m.Title), leaf("格式信息", m.Media), leaf("计算机文件大小", strconv.FormatInt(m.Size, 10)), leaf("摘要值", "SHA-256:"+m.SHA256)))
	}
	n.kids = append(n.kids, branch("电子签名", leaf("签名规则", "清单 manifest.json 的分离签名，见 signature.json"), leaf("签名时间", stamp(b)), leaf("签名算法", string(b.keys.Suite()))))
	return n
}

func (b *binder) people() []node {
	var list []node
	for _, x := range b.d.Proposers {
		list = append(list, branch("机构或人员", leaf("类型", "提案者"), leaf("名称", x)))
	}
	for _, x := range b.d.Units {
		list = append(list, branch("机构或人员", leaf("类型", "承办单位"), leaf("名称", x)))
	}
	return append(list, branch("机构或人员", leaf("类型", "归档人"), leaf("名称", b.by)))
}

func (b *binder) acts() []node {
	var list []node
	for _, e := range b.process.Events {
		list = append(list, branch("行为", leaf("业务行为", e.Words), leaf("行为时间", e.At.Format("2006-01-02T15:04:05-07:00")), leaf("行为人", e.By)))
	}
	return list
}
