package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tongxin/internal/archive"
	"tongxin/internal/i18n"
	"tongxin/internal/seal"
)

type archiveCommands struct {
	Verify archiveVerify `cmd:"" help:"Check the file of an archived case, without a database."`
}

type archiveVerify struct {
	File string `arg:"" help:"The file that was downloaded." type:"existingfile"`
	Data string `help:"Data folder of the installation that made it; its key file tells whom to trust. Without it the key inside the file is used, and its fingerprint must be compared." type:"path" env:"TONGXIN_DATA"`
	Lang string `help:"Language of the findings: zh-CN or en." default:"en"`
}

// Run checks every byte of the file and fails when something is wrong.
func (c archiveVerify) Run() error {
	keys, err := c.keys()
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	words, err := i18n.Load(archive.Module().Messages)
	if err != nil {
		return err
	}
	w := words.In(i18n.Parse(c.Lang))
	x := archive.Examine(f, info.Size(), keys)
	if m := x.Manifest; m.ArchiveNumber != "" {
		fmt.Printf("%s  %s\n%s\n%s, edition %d, %s\n", m.ArchiveNumber, m.Title, m.Reference, m.Committee, m.Edition, m.At.Format("2006-01-02 15:04"))
	}
	for _, l := range x.Findings {
		fmt.Printf("%-8s %s\n", w.T("archive.severity."+string(l.Severity)), w.T(l.Key, l.Pairs()...))
	}
	if x.Fingerprint != "" {
		fmt.Printf("Key %s, fingerprint %s\n", x.Key.KeyID, x.Fingerprint)
	}
	switch {
	case !x.Sound():
		return errors.New("the file does not hold")
	case !x.Known:
		fmt.Println("Nothing was changed since it was signed with this key. Compare the fingerprint with the installation's own.")
	}
	return nil
}

// keys are the public keys of the installation, none without one.
func (c archiveVerify) keys() ([]seal.PublicKey, error) {
	if c.Data == "" {
		return nil, nil
	}
	k, err := seal.Open(filepath.Join(c.Data, "keys.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no key file", c.Data)
	}
	if err != nil {
		return nil, err
	}
	return k.PublicKeys(), nil
}
