package browser

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// Screenshot keeps a picture of the whole page as NAME-SCREEN.png in the folder that
// TONGXIN_E2E_SHOTS names; without the variable it does nothing.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	p.settle("take a picture")
	p.shoot(name)
}

// shoot takes the picture at once and never fails the test: it also documents failures.
func (p *Page) shoot(name string) {
	p.t.Helper()
	folder := os.Getenv("TONGXIN_E2E_SHOTS")
	if folder == "" {
		return
	}
	picture, err := capture(p.rod.Timeout(patience))
	if err != nil {
		p.t.Logf("picture %s: %v", name, err)
		return
	}
	file := strings.NewReplacer("/", "-", " ", "-").Replace(name) + "-" + p.visitor.Screen.Name + ".png"
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Logf("picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(folder, file), picture, 0o644); err != nil {
		p.t.Logf("picture %s: %v", name, err)
	}
}

// capture photographs beyond the lower edge without resizing the page, which would move it.
func capture(tab *rod.Page) ([]byte, error) {
	metrics, err := proto.PageGetLayoutMetrics{}.Call(tab)
	if err != nil {
		return nil, err
	}
	const tallest = 8000 // CSS pixels; a longer list is cut
	size := metrics.CSSContentSize
	shot, err := proto.PageCaptureScreenshot{
		Format:                proto.PageCaptureScreenshotFormatPng,
		CaptureBeyondViewport: true,
		Clip: &proto.PageViewport{
			Width: size.Width, Height: min(size.Height, tallest), Scale: 1,
		},
	}.Call(tab)
	if err != nil {
		return nil, err
	}
	return shot.Data, nil
}
