package profile

import "encoding/json"

// read gives the rules of a stored version. What the version did not have yet
// keeps its default.
func read(text string) (Rules, error) {
	r := Defaults()
	err := json.Unmarshal([]byte(text), &r)
	return r, err
}

// UnmarshalJSON reads an entry whole: without it an entry that stands where a
// default stood would take over what its JSON leaves out.
func (c *Coded) UnmarshalJSON(text []byte) error {
	type plain Coded
	var p plain
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	*c = Coded(p)
	return nil
}

// UnmarshalJSON reads the rules over those that stand there, except the
// deadline: without one it is as usual, whatever the default.
func (k *KeyRules) UnmarshalJSON(text []byte) error {
	type plain KeyRules
	p := plain(*k)
	p.ReplyDue = nil
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	*k = KeyRules(p)
	return nil
}
