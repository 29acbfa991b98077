package browser

import (
	"fmt"
	"strings"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// Screen is what a visitor holds or sits at.
type Screen struct {
	Name          string // goes into the names of screenshots and into messages
	Width, Height int    // CSS pixels
	Scale         float64
	Touch         bool // a finger instead of a mouse, and a phone's browser
}

// Desktop is an office computer.
func Desktop() Screen { return Screen{Name: "desktop", Width: 1366, Height: 900, Scale: 1} }

// Phone is a member's phone, upright.
func Phone() Screen { return Screen{Name: "phone", Width: 390, Height: 844, Scale: 2, Touch: true} }

// The engine is the real one; only the platform is made up.
const phoneAgent = "Mozilla/5.0 (Linux; Android 14; Phone) AppleWebKit/537.36 (KHTML, like Gecko) " +
	"Chrome/%s Mobile Safari/537.36"

// emulate makes the page look and feel like the screen, for a reader of the language.
func (s Screen) emulate(page *rod.Page, language string) error {
	err := proto.EmulationSetDeviceMetricsOverride{
		Width: s.Width, Height: s.Height, DeviceScaleFactor: s.Scale, Mobile: s.Touch,
	}.Call(page)
	if err != nil {
		return fmt.Errorf("set the screen's size: %w", err)
	}
	if err := (proto.EmulationSetTouchEmulationEnabled{Enabled: s.Touch}).Call(page); err != nil {
		return fmt.Errorf("set touch: %w", err)
	}
	version, err := proto.BrowserGetVersion{}.Call(page)
	if err != nil {
		return fmt.Errorf("ask the browser's version: %w", err)
	}
	agent := version.UserAgent
	if s.Touch {
		_, number, _ := strings.Cut(version.Product, "/")
		agent = fmt.Sprintf(phoneAgent, number)
	}
	err = proto.EmulationSetUserAgentOverride{UserAgent: agent, AcceptLanguage: language}.Call(page)
	if err != nil {
		return fmt.Errorf("set the browser's name: %w", err)
	}
	// Several visitors share one Chromium: each page behaves as the one in front.
	if err := (proto.EmulationSetFocusEmulationEnabled{Enabled: true}).Call(page); err != nil {
		return fmt.Errorf("set focus: %w", err)
	}
	return nil
}
