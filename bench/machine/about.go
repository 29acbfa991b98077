package machine

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// About describes the machine, without a name or a path that would tell whose it is.
type About struct {
	Processor string
	Cores     int
	Memory    string
	System    string // kernel and architecture
	Disk      string // kind of the file system measured on
	Go        string
	Load      string // what else ran in the minute before
}

// Describe looks at the machine; folder lies on the disk that is measured.
func Describe(folder string) About {
	return About{
		Processor: processor(text("/proc/cpuinfo")),
		Cores:     runtime.NumCPU(),
		Memory:    memory(text("/proc/meminfo")),
		System:    fmt.Sprintf("%s %s, %s", runtime.GOOS, release(text("/proc/sys/kernel/osrelease")), runtime.GOARCH),
		Disk:      fileSystem(folder),
		Go:        runtime.Version(),
		Load:      load(text("/proc/loadavg")),
	}
}

func text(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(b)
}

const unknown = "unknown"

func processor(info string) string {
	for _, name := range []string{"model name", "Model Name", "Hardware"} {
		for line := range strings.Lines(info) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
				return strings.TrimSpace(value)
			}
		}
	}
	return unknown
}

// memory rounds the kernel's kB to GB.
func memory(info string) string {
	var kb int
	if _, err := fmt.Sscanf(info, "MemTotal: %d kB", &kb); err != nil {
		return unknown
	}
	return fmt.Sprintf("%.0f GB", float64(kb)/(1<<20))
}

// load is the first of the kernel's three averages.
func load(averages string) string {
	first, _, ok := strings.Cut(averages, " ")
	if !ok {
		return unknown
	}
	return first
}

// release keeps the kernel's numbers and leaves out what a distribution adds.
func release(version string) string {
	number, _, _ := strings.Cut(strings.TrimSpace(version), "-")
	if number == "" {
		return unknown
	}
	return number
}

// fileSystem names the kind of file system by its magic number.
func fileSystem(folder string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return unknown
	}
	switch uint32(s.Type) { //nolint:gosec // magic numbers have 32 bits
	case 0xEF53:
		return "ext4"
	case 0x58465342:
		return "xfs"
	case 0x9123683E:
		return "btrfs"
	case 0x01021994:
		return "tmpfs (in memory: nothing is durable here)"
	case 0x794C7630:
		return "overlayfs"
	default:
		return fmt.Sprintf("file system %#x", uint32(s.Type))
	}
}
