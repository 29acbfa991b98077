package seal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

var (
	// ErrExists reports that Create met a file already there. Overwriting a key
	// file would make everything sealed with it unreadable for ever.
	ErrExists = errors.New("key file already exists")
	// ErrLoose reports a key file that others than its owner and group may read,
	// or others than its owner may write.
	ErrLoose = errors.New("key file permissions are too wide")
	// ErrKeyFile reports a key file that cannot be used as it is written.
	ErrKeyFile = errors.New("key file is not usable")
	// ErrRotating reports a rotation under way in another process, or one that
	// was interrupted and left its file with the ending ".new".
	ErrRotating = errors.New("another key rotation is under way or was interrupted")
)

// looseBits are the permissions no key file may carry: anything for others, and
// writing or executing for the group. Reading by the group is allowed because
// mounted secrets come that way.
const looseBits fs.FileMode = 0o037

// keyFile is the key file as JSON.
type keyFile struct {
	Suite Suite      `json:"suite"`
	Keys  []keyEntry `json:"keys"`
}

// keyEntry is one key in the file. Suite is written only where it differs in
// time: a key keeps the suite under which it was made when the file's changes.
type keyEntry struct {
	ID      string    `json:"id"`
	Purpose Purpose   `json:"purpose"`
	Suite   Suite     `json:"suite"`
	Created time.Time `json:"created"`
	Secret  []byte    `json:"secret"`
}

// newKeyFile draws a complete set of keys.
func newKeyFile(s Suite, now time.Time) (keyFile, error) {
	if !s.valid() {
		return keyFile{}, ErrSuite
	}
	f := keyFile{Suite: s}
	for _, p := range purposes() {
		e, err := f.newEntry(p, now)
		if err != nil {
			return keyFile{}, err
		}
		f.Keys = append(f.Keys, e)
	}
	return f, nil
}

// newEntry draws a key of the file's suite under an id the file does not use.
func (f keyFile) newEntry(p Purpose, now time.Time) (keyEntry, error) {
	if f.Suite.algorithm(p) == "" {
		return keyEntry{}, ErrPurpose
	}
	secret, err := f.Suite.newSecret(p)
	if err != nil {
		return keyEntry{}, err
	}
	id := fmt.Sprintf("%x", randomBytes(4))
	for f.has(id) {
		id = fmt.Sprintf("%x", randomBytes(4))
	}
	return keyEntry{ID: id, Purpose: p, Suite: f.Suite, Created: now.UTC().Truncate(time.Second), Secret: secret}, nil
}

func (f keyFile) has(id string) bool {
	for _, e := range f.Keys {
		if e.ID == id {
			return true
		}
	}
	return false
}

// readKeyFile loads and checks permissions; it never puts content in an error.
func readKeyFile(path string) (keyFile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return keyFile{}, err
	}
	if info.Mode().Perm()&looseBits != 0 {
		return keyFile{}, ErrLoose
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return keyFile{}, err
	}
	var f keyFile
	// The decoder's own error may quote a piece of the file, so it is dropped.
	if json.Unmarshal(raw, &f) != nil {
		return keyFile{}, fmt.Errorf("%w: not the expected JSON", ErrKeyFile)
	}
	return f, nil
}

// writeNew writes f to a path that must not exist yet, and makes it durable.
func writeNew(path string, f keyFile) error {
	raw, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(append(raw, '\n'))
	err = errors.Join(err, out.Sync(), out.Close())
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncFolder(filepath.Dir(path))
}

// updateKeyFile reads the file, lets change edit it, and replaces it in one
// step. The new file is created exclusively, so that of two processes rotating
// at once the second is refused instead of losing the first one's key.
func updateKeyFile(path string, change func(*keyFile) error) (keyFile, error) {
	fresh := path + ".new"
	claim, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return keyFile{}, ErrRotating
	}
	if err != nil {
		return keyFile{}, err
	}
	f, err := changedFile(path, claim, change)
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return keyFile{}, errors.Join(err, os.Remove(fresh))
	}
	return f, syncFolder(filepath.Dir(path))
}

// changedFile writes the changed content of path into out and closes it. The
// file keeps the permissions its operator gave it.
func changedFile(path string, out *os.File, change func(*keyFile) error) (f keyFile, err error) {
	defer func() { err = errors.Join(err, out.Close()) }()
	f, err = readKeyFile(path)
	if err != nil {
		return f, err
	}
	if err := change(&f); err != nil {
		return f, err
	}
	raw, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return f, err
	}
	if info, err := os.Stat(path); err != nil {
		return f, err
	} else if err := out.Chmod(info.Mode().Perm()); err != nil {
		return f, err
	}
	_, err = out.Write(append(raw, '\n'))
	return f, errors.Join(err, out.Sync())
}

// syncFolder makes a new or renamed name in folder survive a power cut.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
