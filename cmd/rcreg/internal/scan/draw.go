package scan

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quietZone is how many modules around a code stay light, so that scanners find it.
const quietZone = 4

// Draw returns a part as a QR code in lines of text, two rows of modules in each, as wide as 77 columns at most. Light modules are blocks in the colour of
// the text: it has to be light on dark.
func Draw(part string) (string, error) {
	code, err := qr.Encode(part, qr.L, qr.AlphaNumeric)
	if err != nil {
		return "", fmt.Errorf("the part cannot be drawn: %w", err)
	}
	size := code.Bounds().Dx()
	light := func(x, y int) bool {
		outside := x < 0 || y < 0 || x >= size || y >= size
		return outside || color.GrayModel.Convert(code.At(x, y)) == color.Gray{Y: 0xff}
	}
	var lines strings.Builder
	for y := -quietZone; y < size+quietZone; y += 2 {
		for x := -quietZone; x < size+quietZone; x++ {
			lines.WriteRune(block(light(x, y), light(x, y+1)))
		}
		lines.WriteByte('\n')
	}
	return lines.String(), nil
}

// block is the character with a light upper or lower half.
func block(upper, lower bool) rune {
	switch {
	case upper && lower:
		return '█'
	case upper:
		return '▀'
	case lower:
		return '▄'
	}
	return ' '
}
