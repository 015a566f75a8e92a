package scan_test

import (
	"image"
	"image/color"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/rcreg/registration/cmd/rcreg/internal/scan"
)

// A reader of another library reads what is drawn, at many of the lengths that a part can have.
func TestDraw(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 17, 60, 111, 150, 223, 250, 4000} {
		part := split(t, sample(size))[0]
		drawn, err := scan.Draw(part)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(drawn) {
			if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 77 {
				t.Fatalf("%d bytes: %d columns", size, width)
			}
		}
		if got := read(t, drawn); got != part {
			t.Errorf("%d bytes: read %q, want %q", size, got, part)
		}
	}
}

// read reads a drawn code as a camera would that looks straight at a light text on dark.
func read(t *testing.T, drawn string) string {
	t.Helper()
	const scale = 3 // pixels a module
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	screen := image.NewGray(image.Rect(0, 0, scale*utf8.RuneCountInString(lines[0]), scale*2*len(lines)))
	for y := range screen.Bounds().Dy() {
		halves := "█▀" // light in the upper half
		if y/scale%2 == 1 {
			halves = "█▄"
		}
		row := []rune(lines[y/scale/2])
		for x := range screen.Bounds().Dx() {
			if strings.ContainsRune(halves, row[x/scale]) {
				screen.SetGray(x, y, color.Gray{Y: 0xff})
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(screen)
	if err != nil {
		t.Fatal(err)
	}
	// Without the hint the reader looks for corners first, and is misled by one in fifty codes: only without the noise of a camera.
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil {
		t.Fatal(err)
	}
	return found.GetText()
}

func TestDrawRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"small letters", strings.Repeat("A", 5000)} {
		if drawn, err := scan.Draw(text); err == nil || drawn != "" {
			t.Errorf("%q was drawn", text[:5])
		}
	}
}
