// Package module tells where the files of this module are. Tests run in the folder of
// their package; what they share lies at the root.
package module

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Root answers the folder with this module's go.mod. The product's module is its parent.
func Root() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", errors.New("find the module: no go.mod above the working folder")
		}
		folder = parent
	}
}
